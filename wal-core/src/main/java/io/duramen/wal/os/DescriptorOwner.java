package io.duramen.wal.os;

/// A file with a descriptor behind it: what a driver asks an `IoFile` to be.
public interface DescriptorOwner {
    Descriptor descriptor();
}
