package io.duramen.wal.log;

/// What an acknowledgement promises.
public enum Durability {
    /// The operating system has the entry: it survives the end of this process, however it ends,
    /// and not a power failure. A sync in the background bounds what a power failure may take, by
    /// time and bytes.
    WRITTEN,
    /// The entry is on the device: it survives a power failure.
    SYNCED
}
