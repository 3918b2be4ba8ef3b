package io.duramen.wal.os;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What proc(5) says about this process's memory.
public final class MemoryLimits {
    private static final String LOCKED = "Max locked memory";
    private static final int KIB = 1024;

    private MemoryLimits() {}

    /// RLIMIT_MEMLOCK as text, such as `8388608 bytes` or `unlimited`.
    public static String lockedMemory() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith(LOCKED)) {
                String soft = line.substring(LOCKED.length()).strip().split("\\s+")[0];
                return soft.equals("unlimited") ? soft : soft + " bytes";
            }
        }
        return "not known";
    }

    /// How much of a range that has a mapping of its own is in huge pages now.
    public static long hugePageBytes(MemorySegment range) throws IOException {
        return hugePageBytes(range, Files.readAllLines(Path.of("/proc/self/smaps")));
    }

    static long hugePageBytes(MemorySegment range, List<String> smaps) {
        long start = range.address();
        long end = start + range.byteSize();
        long huge = 0;
        boolean inside = false;
        for (String line : smaps) {
            String first = line.substring(0, Math.max(0, line.indexOf(' ')));
            int dash = first.indexOf('-');
            if (dash > 0) { // the first line of a mapping
                inside = Long.parseUnsignedLong(first.substring(0, dash), 16) < end
                        && Long.parseUnsignedLong(first.substring(dash + 1), 16) > start;
            } else if (inside && (first.equals("AnonHugePages:")
                    || first.equals("Private_Hugetlb:"))) {
                huge += Long.parseLong(line.substring(first.length()).strip().split(" ")[0]) * KIB;
            }
        }
        return Math.min(huge, range.byteSize());
    }
}
