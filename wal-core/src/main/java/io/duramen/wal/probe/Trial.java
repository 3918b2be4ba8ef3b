package io.duramen.wal.probe;

/// Something that was tried out.
///
/// @param what its name
/// @param works whether it did what a log needs of it
/// @param result one sentence: what it did, or why it did not
public record Trial(String what, boolean works, String result) {}
