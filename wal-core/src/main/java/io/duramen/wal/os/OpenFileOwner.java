package io.duramen.wal.os;

/// A file that blocking calls reach: what the drivers' common code asks an `IoFile` to be.
public interface OpenFileOwner {
    OpenFile openFile();
}
