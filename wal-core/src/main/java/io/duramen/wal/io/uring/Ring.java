package io.duramen.wal.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.duramen.wal.WalException;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.IovecList;
import io.duramen.wal.os.MappingCalls;
import io.duramen.wal.os.RingCalls;
import io.duramen.wal.os.RingParameters;
import io.duramen.wal.os.RingRegistrations;
import io.duramen.wal.os.SubmissionEntry;
import io.duramen.wal.os.WaitLimit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// One io_uring(7): its descriptor, its mappings, its two queues.
///
/// Any thread may open one. The thread that enables it owns it from then on: the kernel refuses
/// every other one (it was told that there is a single issuer, and does all of the ring's work when
/// that thread enters).
final class Ring implements AutoCloseable {
    /// The name in messages; a ring has no path.
    static final Path NAME = Path.of("io_uring");

    private static final int FLAGS = RingParameters.IORING_SETUP_R_DISABLED
            | RingParameters.IORING_SETUP_SUBMIT_ALL | RingParameters.IORING_SETUP_SINGLE_ISSUER
            | RingParameters.IORING_SETUP_DEFER_TASKRUN;
    private static final int FEATURES = RingParameters.IORING_FEAT_SINGLE_MMAP
            | RingParameters.IORING_FEAT_NODROP | RingParameters.IORING_FEAT_SUBMIT_STABLE
            | RingParameters.IORING_FEAT_EXT_ARG;

    private static final int WORKERS_MAX = 64;
    private static final int MEMORY_WAITS = 30;
    private static final long MEMORY_WAIT_NANOS = 10_000_000;

    // linux/io_uring.h: what mmap(2) is given as the offset
    private static final long IORING_OFF_SQ_RING = 0;
    private static final long IORING_OFF_SQES = 0x10000000L;

    private final Arena arena = Arena.ofShared();
    private final Descriptor descriptor;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final WaitLimit limit = WaitLimit.allocate(arena);
    private boolean hasBuffers;

    private Ring(int entries) {
        try {
            RingParameters parameters = RingParameters.ask(FLAGS, arena);
            descriptor = Descriptor.own((int) Errno.check("io_uring_setup", NAME,
                    onceThereIsMemory(() -> RingCalls.setup(entries, parameters.memory()))), NAME);
            descriptor.use(); // until it is closed: entering need not count each time
            try {
                requireFeatures(parameters);
                MemorySegment rings = map(IORING_OFF_SQ_RING, ringsBytes(parameters));
                submissions = new SubmissionQueue(parameters, rings, map(IORING_OFF_SQES,
                        parameters.sqEntries() * SubmissionEntry.BYTES));
                completions = new CompletionQueue(parameters, rings);
            } catch (RuntimeException | Error failed) {
                descriptor.endUse();
                descriptor.close();
                throw failed;
            }
        } catch (RuntimeException | Error failed) {
            arena.close();
            throw failed;
        }
    }

    /// A ring that does nothing until it is enabled.
    ///
    /// @throws WalException.Io with the error number of io_uring_setup(2): EINVAL from a Linux
    ///     older than 6.1, EPERM and ENOSYS where it is forbidden or missing
    static Ring open(int entries) {
        return new Ring(entries);
    }

    private static void requireFeatures(RingParameters parameters) {
        if (!parameters.hasFeatures(FEATURES)) {
            throw Errno.failure("io_uring_setup", NAME, Errno.EINVAL);
        }
    }

    private static long ringsBytes(RingParameters parameters) {
        return Math.max(
                parameters.sqOffset("array") + (long) parameters.sqEntries() * Integer.BYTES,
                parameters.cqOffset("cqes")
                        + parameters.cqEntries() * CompletionQueue.ENTRY_BYTES);
    }

    private MemorySegment map(long offset, long bytes) {
        long address = descriptor.call("mmap", fd -> MappingCalls.mmap(bytes,
                MappingCalls.PROT_READ | MappingCalls.PROT_WRITE,
                MappingCalls.MAP_SHARED | MappingCalls.MAP_POPULATE, fd, offset));
        return MappingCalls.own(address, bytes, arena);
    }

    SubmissionQueue submissions() {
        return submissions;
    }

    CompletionQueue completions() {
        return completions;
    }

    /// Makes the calling thread the ring's owner.
    ///
    /// What the kernel cannot do without blocking, as any sync, it gives to threads of its own.
    /// Left to itself it has four of them for each processor, and behind that many slow syncs
    /// everything else would wait: so it may have one for each operation in flight, within reason.
    void enable() {
        descriptor.call("io_uring_register", fd -> RingCalls.register(fd,
                RingCalls.IORING_REGISTER_ENABLE_RINGS, MemorySegment.NULL, 0));
        try (Arena argument = Arena.ofConfined()) { // for regular files, and for others: 0 keeps
            MemorySegment workers =
                    argument.allocateFrom(JAVA_INT, Math.min(submissions.capacity(), WORKERS_MAX),
                            0);
            descriptor.call("io_uring_register", fd -> RingCalls.register(fd,
                    RingCalls.IORING_REGISTER_IOWQ_MAX_WORKERS, workers, 2));
        }
    }

    /// Asks the kernel which operations it knows; `table` is a `struct io_uring_probe`.
    void probe(MemorySegment table, int operations) {
        descriptor.call("io_uring_register", fd -> RingCalls.register(fd,
                RingCalls.IORING_REGISTER_PROBE, table, operations));
    }

    /// Lets the kernel keep hold of these pieces of memory, before the ring is enabled.
    ///
    /// @return 0, or a negative error number
    long register(MemorySegment... pieces) {
        try (Arena arena = Arena.ofConfined()) {
            IovecList list = IovecList.allocate(arena, pieces.length);
            for (MemorySegment piece : pieces) {
                list.add(piece);
            }
            long result = descriptor.attempt(fd -> onceThereIsMemory(() -> RingCalls.register(fd,
                    RingCalls.IORING_REGISTER_BUFFERS, list.memory(), pieces.length)));
            hasBuffers = result >= 0;
            return result;
        }
    }

    /// Makes a table of files with this many places, before the ring is enabled.
    ///
    /// @return 0, or a negative error number
    long registerFiles(int places) {
        return descriptor.attempt(fd -> RingRegistrations.registerFiles(fd, places));
    }

    /// Puts an open file into a place of the table.
    ///
    /// @return a negative error number where that failed
    long putFile(int place, int file) {
        return descriptor.attempt(fd -> RingRegistrations.putFile(fd, place, file));
    }

    /// Makes a place of the table free.
    ///
    /// @return a negative error number where that failed
    long removeFile(int place) {
        return descriptor.attempt(fd -> RingRegistrations.removeFile(fd, place));
    }

    /// Gives up the table.
    void unregisterFiles() {
        descriptor.attempt(fd -> RingCalls.register(
                fd, RingCalls.IORING_UNREGISTER_FILES, MemorySegment.NULL, 0));
    }

    /// Asks the kernel to give up what has this user data. It completes as anything else, whether
    /// it was given up, was over already, or cannot be given up.
    void cancel(long userData) {
        descriptor.attempt(fd -> RingRegistrations.cancel(fd, userData));
    }

    /// What a closed ring had counts against the limit on locked memory until the kernel has torn
    /// the ring down, a moment after close(2) has returned: who opens another one just then waits.
    private static long onceThereIsMemory(LongSupplier call) {
        long result = call.getAsLong();
        for (int i = 0; result == -Errno.ENOMEM && i < MEMORY_WAITS; i++) {
            LockSupport.parkNanos(MEMORY_WAIT_NANOS);
            result = call.getAsLong();
        }
        return result;
    }

    /// Shows the kernel what was put, lets it work, and waits for this many completions. An
    /// interruption, and a kernel that has no memory just now, look like a wait that ended early.
    ///
    /// @return how many entries the kernel left behind, of sequences that it did not take whole:
    ///     they were made void
    int enter(int minComplete) {
        return enter(submissions.unconsumed(), minComplete);
    }

    /// As [#enter(int)], for some of the entries only.
    int enter(int toSubmit, int minComplete) {
        submissions.publish();
        return entered(RingCalls.enter(descriptor.number(), toSubmit, minComplete,
                RingCalls.IORING_ENTER_GETEVENTS));
    }

    /// As [#enter(int)], waiting for one completion, and no longer than this.
    int enterFor(long nanos) {
        submissions.publish();
        return entered(RingCalls.enter(descriptor.number(), submissions.unconsumed(), 1,
                RingCalls.IORING_ENTER_GETEVENTS, limit.ofNanos(nanos)));
    }

    /// @param result of io_uring_enter(2)
    int entered(int result) {
        if (result == -Errno.EAGAIN || result == -Errno.EBUSY) {
            Thread.yield();
        } else if (result != -Errno.EINTR && result != -Errno.ETIME) {
            Errno.check("io_uring_enter", NAME, result);
        }
        return submissions.voidSplitLink();
    }

    /// Gives everything back; nothing may be in flight, for the kernel would go on with it. Whoever
    /// enters closes. What was registered is given back first: with the ring itself the kernel
    /// takes its time.
    @Override
    public void close() {
        if (hasBuffers) {
            descriptor.attempt(fd -> RingCalls.register(
                    fd, RingCalls.IORING_UNREGISTER_BUFFERS, MemorySegment.NULL, 0));
        }
        descriptor.endUse();
        descriptor.close();
        arena.close();
    }
}
