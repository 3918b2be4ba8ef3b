package io.duramen.wal.log;

/// The answer to an append that succeeded.
///
/// @param firstId id of the first entry appended
/// @param lastId id of the last one; the same for a single entry
/// @param durability what is promised of all of them
public record Appended(long firstId, long lastId, Durability durability) {}
