/// How does one writer append entries to a log on this machine's disk, who may read them when, and
/// what is left after a crash?
///
/// In reading order:
///
/// - [LogId][io.duramen.wal.log.LogId], [LogSettings][io.duramen.wal.log.LogSettings],
///   [Durability][io.duramen.wal.log.Durability]: which log, how it behaves, what it promises
/// - [DiskLog][io.duramen.wal.log.DiskLog]: the log, open for writing; it answers with
///   [Appended][io.duramen.wal.log.Appended], lends a [Claim][io.duramen.wal.log.Claim], and tells
///   its state as [LogInfo][io.duramen.wal.log.LogInfo]
/// - [LogEnvironment][io.duramen.wal.log.LogEnvironment]: disk, scheduler, buffers and threads that
///   logs share; the one place that chooses drivers
/// - [ReadableLog][io.duramen.wal.log.ReadableLog], [ReadRange][io.duramen.wal.log.ReadRange],
///   [LogReader][io.duramen.wal.log.LogReader], [Entry][io.duramen.wal.log.Entry]: reading;
///   [LogView][io.duramen.wal.log.LogView]: reading what another process writes;
///   [LogFragments][io.duramen.wal.log.LogFragments]: what readers share with the writer
/// - the path of an append: `Admission` waits for room and a buffer (from `GroupBuffers`),
///   `AppendQueue` gives ids and encodes into a `PendingGroup`, which may wait for `Siblings`;
///   `GroupCommit` writes and syncs it into a `WritableFragment`, whose `WrittenSpace` says whether
///   zeros go in front, and `Rotation` brings the next one when
///   [RotationPolicy][io.duramen.wal.log.RotationPolicy] says so
/// - seeing what it does: a [LogMeter][io.duramen.wal.log.LogMeter] counts and gives
///   [LogMetrics][io.duramen.wal.log.LogMetrics], and tells `LogEvents`
/// - [LogDirectory][io.duramen.wal.log.LogDirectory], [WriterLock][io.duramen.wal.log.WriterLock]:
///   the files, and the one writer; `StatusView`: what others see of it
/// - opening: [LogRecovery][io.duramen.wal.log.LogRecovery] checks the `FragmentChain`, scans the
///   end (`RecoveryScans`, which tell a [RecoveryProgress][io.duramen.wal.log.RecoveryProgress]),
///   asks [TailVerdict][io.duramen.wal.log.TailVerdict] about the
///   [TailEvidence][io.duramen.wal.log.TailEvidence], lets `TornTail` cut, and hands over a
///   [RecoveredLog][io.duramen.wal.log.RecoveredLog] (its end a
///   [WritableFragment][io.duramen.wal.log.WritableFragment]) with a
///   [RecoveryReport][io.duramen.wal.log.RecoveryReport]
/// - trimming: [Retention][io.duramen.wal.log.Retention] drops what a
///   [TrimRule][io.duramen.wal.log.TrimRule] or
///   [RetentionSettings][io.duramen.wal.log.RetentionSettings] say and a
///   [Floor][io.duramen.wal.log.Floor] lets it, and answers with a
///   [TrimOutcome][io.duramen.wal.log.TrimOutcome]; `Standbys` makes the files of fragments to come
///   ready, as [StandbySettings][io.duramen.wal.log.StandbySettings] say;
///   [StorageInfo][io.duramen.wal.log.StorageInfo] tells the state of all that
/// - truncating: `LogTruncation` writes the end anew and gives it the name of a `NewEnd`;
///   [TruncateOutcome][io.duramen.wal.log.TruncateOutcome] tells what went, `LogWriting` is what
///   then goes on to append, and a [TruncationWatch][io.duramen.wal.log.TruncationWatch] tells each
///   reader which of the `Truncations` there were under it
/// - looking without opening: [LogVerification][io.duramen.wal.log.LogVerification] checks every
///   byte, [LogSurvey][io.duramen.wal.log.LogSurvey] (a
///   [FragmentSurvey][io.duramen.wal.log.FragmentSurvey] for each file) tells the state; a
///   `LogShape` tells whether a writer has trimmed or truncated under the look
/// - mending: [LogRepair][io.duramen.wal.log.LogRepair] says what it does as a
///   [RepairPlan][io.duramen.wal.log.RepairPlan]; `LogDiagnosis` finds out what is left,
///   `RepairWork` decides, `RepairBuild` writes new fragments, `RepairList` moves the files
/// - copying: [LogSnapshot][io.duramen.wal.log.LogSnapshot], a `FragmentCopy` for each file
///
/// Invariants:
///
/// - Ids are dense, in the order of arrival, and never given to two entries that were acknowledged,
///   unless the log was truncated in between; no reader is shown entries from both sides of that.
/// - Every append gets exactly one answer. One group of a log is on its way at a time; groups are
///   written, made durable and acknowledged in the order of their ids.
/// - Nobody is told that an entry is durable before its sync has returned and the status page says
///   so.
/// - A reader sees entries only up to what the log's own durability setting promises.
/// - The first write or sync that fails ends appending and is never repeated on that file; a full
///   disk is noticed while a fragment is prepared, and refuses without changing anything.
/// - All of a fragment is durable before the next one exists; at most two of a log have no footer.
/// - A new end is on the device, under its name, before anything behind it goes.
/// - The head is on the device before anything below it goes; no id of it is given again.
/// - A file that was a fragment is overwritten only where nobody, in any process, reads it, and
///   used only when all of it is zeros.
/// - Recovery looks at everything before it changes anything. It cuts only what nobody was
///   promised, keeps a copy, and may be repeated after any crash of its own.
/// - Buffers are given back on every path, and never waited for under a lock.
/// - A repair changes no damaged file and deletes none; a log whose repair is not complete is
///   opened by nobody.
///
/// May import: `java.*`, Chronicle Bytes, `io.duramen.wal` and its packages `fragment`, `format`,
/// `bytes`, `memory` and `io`; the drivers of `io` in `LogEnvironment` only.
package io.duramen.wal.log;
