package io.duramen.wal.log;

/// Answer to a conditional append.
///
/// @param firstId the expected id
/// @param durability what the entries are at least; a duplicate is on the device in any case
/// @param duplicate true where the log had the same entries there already
public record AppendedAt(long firstId, long lastId, Durability durability, boolean duplicate) {}
