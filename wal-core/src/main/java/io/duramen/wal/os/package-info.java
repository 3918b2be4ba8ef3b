/// How does this process ask the operating system for something that Java's own file API cannot do?
///
/// One Java method per C function, named as in the manual page, bound through the foreign function
/// API. Hidden: only the drivers in `io.posix` and `io.uring` and the slabs of `memory` sit on it,
/// and it is the one package that names `java.lang.foreign.Linker`.
///
/// In reading order:
///
/// - [io.duramen.wal.os.Platform]: where this works, and the sentence for where it does not
/// - [io.duramen.wal.os.Libc]: binds a function, catches its errno
/// - [io.duramen.wal.os.Errno]: error numbers, their names, and the exception made of one
/// - [io.duramen.wal.os.FileCalls], [io.duramen.wal.os.SpaceCalls], [io.duramen.wal.os.NameCalls],
///   [io.duramen.wal.os.CacheCalls], [io.duramen.wal.os.MappingCalls]: the functions
/// - [io.duramen.wal.os.FileStatus], [io.duramen.wal.os.DirectIoStatus],
///   [io.duramen.wal.os.FileSystemSpace], [io.duramen.wal.os.FileSystemType],
///   [io.duramen.wal.os.MemoryLimits],
///   [io.duramen.wal.os.WholeFileLock]: the structures some of them fill
/// - [io.duramen.wal.os.UseCount], [io.duramen.wal.os.Descriptor],
///   [io.duramen.wal.os.DescriptorOwner]: who owns a descriptor, and until when
/// - [io.duramen.wal.os.OpenFile], [io.duramen.wal.os.OpenFileOwner]: the same for who only moves
///   bytes, syncs and allocates, where there may be no descriptor to be had
/// - [io.duramen.wal.os.RingCalls], [io.duramen.wal.os.RingRegistrations],
///   [io.duramen.wal.os.RingParameters], [io.duramen.wal.os.SubmissionEntry],
///   [io.duramen.wal.os.WaitLimit], [io.duramen.wal.os.EventCounter]: io_uring(7) and what wakes
///   its owner
/// - [io.duramen.wal.os.IovecList], [io.duramen.wal.os.PieceCursor]: several pieces of memory for
///   one transfer
/// - [io.duramen.wal.os.Transfer]: reads and writes that are complete
///
/// Invariants:
///
/// - A function returns what C returns, except that a failure is the negative error number, as the
///   kernel itself has it. It neither throws nor retries.
/// - EINTR and short transfers are dealt with in [io.duramen.wal.os.Transfer] for bytes and syncs
///   and in [io.duramen.wal.os.Errno#retrying] for everything else.
/// - A descriptor's number is used only between `use` and `endUse` of its owner.
///
/// May import: `java.*`, `io.duramen.wal`.
package io.duramen.wal.os;
