package io.duramen.wal.memory;

import io.duramen.wal.WalException;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.MappingCalls;
import io.duramen.wal.os.MemoryLimits;
import io.duramen.wal.os.Platform;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One piece of page-aligned memory, every page of it touched, of the kind that was asked for as
/// far as the system grants it.
///
/// Any thread may close it, once.
final class Slab implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Slab.class.getName());
    private static final Alignment HUGE_PAGE = new Alignment(2 << 20);

    private final Arena arena = Arena.ofShared();
    private final String pool;
    private final MemorySegment memory;
    private final SlabState state;

    /// @param pool the pool's name, for messages
    /// @param pattern what every byte of it is at first
    /// @throws WalException.Unsupported where a lock is required and not allowed
    Slab(String pool, long sizeBytes, SlabSettings asked, byte pattern) {
        this.pool = pool;
        try {
            memory = reserve(sizeBytes, asked);
            memory.fill(pattern);
            long lockedBytes = lock(asked.lock());
            state = new SlabState(sizeBytes, hugePageBytes(asked.hugePages()), lockedBytes);
        } catch (Throwable refused) {
            arena.close();
            throw refused;
        }
    }

    /// Memory of the kernel's own: it may be advised, and a lock ends with it.
    private MemorySegment reserve(long sizeBytes, SlabSettings asked) {
        if (!Platform.isSupported()) {
            return arena.allocate(sizeBytes, Alignment.PAGE.bytes());
        }
        return switch (asked.hugePages()) {
            case OFF -> map(Alignment.PAGE.up(sizeBytes), 0).asSlice(0, sizeBytes);
            case AUTO -> reserveTransparent(sizeBytes, HUGE_PAGE.down(sizeBytes));
            case ON -> reserveHuge(sizeBytes);
        };
    }

    private MemorySegment reserveHuge(long sizeBytes) {
        long wholePages = HUGE_PAGE.up(sizeBytes);
        long reserved = mmap(wholePages, MappingCalls.MAP_HUGETLB | MappingCalls.MAP_HUGE_2MB);
        return reserved < 0 ? reserveTransparent(sizeBytes, wholePages)
                : MappingCalls.own(reserved, wholePages, arena).asSlice(0, sizeBytes);
    }

    /// @param hugeBytes what is to be in huge pages, a multiple of their size, from the first byte
    ///     on
    private MemorySegment reserveTransparent(long sizeBytes, long hugeBytes) {
        MemorySegment wider = map(HUGE_PAGE.up(sizeBytes) + HUGE_PAGE.bytes(), 0);
        long start = HUGE_PAGE.up(wider.address()) - wider.address();
        if (hugeBytes > 0) { // what came of it is in the pages themselves
            MappingCalls.madvise(wider.asSlice(start, hugeBytes), MappingCalls.MADV_HUGEPAGE);
        }
        return wider.asSlice(start, sizeBytes);
    }

    private MemorySegment map(long sizeBytes, int flags) {
        long address = mmap(sizeBytes, flags);
        if (address < 0) {
            throw new OutOfMemoryError("the " + sizeBytes + " bytes of buffer pool '" + pool
                    + "': " + Errno.describe((int) -address));
        }
        return MappingCalls.own(address, sizeBytes, arena);
    }

    private static long mmap(long sizeBytes, int flags) {
        return MappingCalls.mmap(sizeBytes, MappingCalls.PROT_READ | MappingCalls.PROT_WRITE,
                MappingCalls.MAP_PRIVATE | MappingCalls.MAP_ANONYMOUS | flags, -1, 0);
    }

    /// @return bytes locked
    private long lock(MemoryLock asked) {
        if (asked == MemoryLock.OFF) {
            return 0;
        }
        String obstacle = lockOrWhyNot();
        if (obstacle == null) {
            return memory.byteSize();
        }
        String sentence = "the " + memory.byteSize() + " bytes of buffer pool '" + pool
                + "' cannot be locked in memory: " + obstacle;
        if (asked == MemoryLock.REQUIRED) {
            throw new WalException.Unsupported(sentence + "; or do not require the lock");
        }
        LOG.log(Level.WARNING, sentence + "; they may be swapped");
        return 0;
    }

    private String lockOrWhyNot() {
        if (!Platform.isSupported()) {
            return "that is done on Linux only";
        }
        int result = MappingCalls.mlock(memory);
        return result >= 0 ? null : Errno.describe(-result) + "; the limit RLIMIT_MEMLOCK of this"
                + " process is " + lockLimit() + ": raise it (ulimit -l, LimitMEMLOCK=)";
    }

    private static String lockLimit() {
        try {
            return MemoryLimits.lockedMemory();
        } catch (IOException unreadable) {
            return "not known (" + unreadable.getMessage() + ")";
        }
    }

    private long hugePageBytes(HugePages asked) {
        if (asked != HugePages.ON) {
            return 0;
        }
        long granted = 0;
        String reason = "";
        if (Platform.isSupported()) {
            try {
                granted = MemoryLimits.hugePageBytes(memory);
            } catch (IOException unreadable) {
                reason = " (" + unreadable.getMessage() + ")";
            }
        }
        if (granted < memory.byteSize()) {
            LOG.log(Level.WARNING, "of the " + memory.byteSize() + " bytes of buffer pool '" + pool
                    + "' " + granted + " are in huge pages" + reason + ": reserve some"
                    + " (vm.nr_hugepages) or allow transparent ones"
                    + " (/sys/kernel/mm/transparent_hugepage/enabled)");
        }
        return granted;
    }

    MemorySegment memory() {
        return memory;
    }

    SlabState state() {
        return state;
    }

    @Override
    public void close() {
        arena.close();
    }
}
