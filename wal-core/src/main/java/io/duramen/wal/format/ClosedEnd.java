package io.duramen.wal.format;

/// Where a log ended that its last writer closed, and that nobody has opened for writing since. All
/// of the file is on the device, and behind the end it is zeros.
///
/// @param generation of the last fragment
/// @param endOfData where its data ends, an offset in the file
public record ClosedEnd(long generation, long endOfData) {
    /// True where this speaks of the fragment with that header.
    public boolean isOf(FragmentHeader header) {
        return generation == header.generation();
    }
}
