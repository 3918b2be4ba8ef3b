package io.duramen.wal.log;

/// What recovery sees at the first place of the log's last fragment that holds no valid entry.
///
/// @param bytesFollow something other than zeros lies there or further on
/// @param batchCut the place lies inside an atomic batch whose end is missing
/// @param provenByGroupRecord a later group record says that the id expected here was durable
/// @param provenByStatus the last writer's status says so
public record TailEvidence(boolean bytesFollow, boolean batchCut, boolean provenByGroupRecord,
        boolean provenByStatus) {}
