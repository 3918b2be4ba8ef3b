/// How does one fragment come to be on a disk, grow, get sealed, and get read?
///
/// In reading order:
///
/// 1. [FragmentFiles][io.duramen.wal.fragment.FragmentFiles] - the file's life: allocated as a
///    standby, activated with a header and a name, sealed with an index and a footer;
/// 2. [FragmentWriter][io.duramen.wal.fragment.FragmentWriter] - the growing end: which id and
///    offset come next; hands out one [OpenGroup][io.duramen.wal.fragment.OpenGroup] at a time,
///    which encodes each [Payload][io.duramen.wal.fragment.Payload] into a leased buffer;
/// 3. [EntryIndex][io.duramen.wal.fragment.EntryIndex] - where the entries start, in memory while
///    the fragment grows; `IndexArea` writes it to the file;
/// 4. [Fragment][io.duramen.wal.fragment.Fragment] - the readers' side: lends the read-only
///    mapping as a [FragmentLease][io.duramen.wal.fragment.FragmentLease], from which a
///    [FragmentCursor][io.duramen.wal.fragment.FragmentCursor] reads;
///    [FragmentSharing][io.duramen.wal.fragment.FragmentSharing] - no file is overwritten that
///    somebody reads;
/// 5. [FragmentScan][io.duramen.wal.fragment.FragmentScan] - where the valid entries of a
///    fragment without footer end, and what proves that more were there;
/// 6. [FragmentCheck][io.duramen.wal.fragment.FragmentCheck] - every byte of a fragment, shown to
///    a [FragmentVisitor][io.duramen.wal.fragment.FragmentVisitor]: records in order, and a
///    [FragmentFinding][io.duramen.wal.fragment.FragmentFinding] where one is not as it should be
///    or as its [FragmentPromise][io.duramen.wal.fragment.FragmentPromise] says;
///    [HeaderGuess][io.duramen.wal.fragment.HeaderGuess] finds out a damaged header.
/// 7. [FragmentSalvage][io.duramen.wal.fragment.FragmentSalvage] - what of it can be saved, and
///    [FragmentRewriter][io.duramen.wal.fragment.FragmentRewriter], which writes that to a new
///    file.
///
/// Invariants:
///
/// - A name `fragment_...` belongs to a file whose header is on the device, at full size.
/// - The writer knows no file and the files know no ids: who owns both writes the groups in
///   order.
/// - A footer is written when index and data are on the device, and nothing of them changes
///   after.
/// - Bytes stay mapped while a lease is held, and not longer.
/// - Every entry is checked on every read; what fails is `WalException.Corrupt` with file,
///   offset, id.
///
/// May import: `java.*`, `io.duramen.wal`, its `format`, `io` and `memory`.
package io.duramen.wal.fragment;
