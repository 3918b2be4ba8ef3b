package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryLimitsTest {
    private static final List<String> SMAPS = List.of(
            "7f0000000000-7f0000400000 rw-p 00000000 00:00 0 ", "Rss: 4096 kB",
            "AnonHugePages:      2048 kB", "Private_Hugetlb:        0 kB", "VmFlags: rd wr hg",
            "7f0000400000-7f0000800000 rw-p 00000000 00:0f 77    /anon_hugepage (deleted)",
            "AnonHugePages:         0 kB", "Private_Hugetlb:     4096 kB",
            "7fff00000000-7fff00001000 r-xp 00000000 00:00 0    [vdso]",
            "AnonHugePages:      2048 kB");

    @Test
    void huge_pages_are_counted_in_the_mappings_of_the_range_only() {
        assertThat(hugeBytes(0x7f0000000000L, 4 << 20)).isEqualTo(2 << 20);
        assertThat(hugeBytes(0x7f0000400000L, 4 << 20)).isEqualTo(4 << 20);
        assertThat(hugeBytes(0x7f0000000000L, 8 << 20)).isEqualTo(6 << 20);
        assertThat(hugeBytes(0x7f0000400000L, 1 << 20)).isEqualTo(1 << 20);
        assertThat(hugeBytes(0x7f0000800000L, 1 << 20)).isZero();
    }

    private static long hugeBytes(long address, long sizeBytes) {
        @SuppressWarnings("restricted")
        MemorySegment range = MemorySegment.ofAddress(address).reinterpret(sizeBytes);
        return MemoryLimits.hugePageBytes(range, SMAPS);
    }

    @Test
    void the_limit_on_locked_memory_has_its_unit() throws IOException {
        assertThat(MemoryLimits.lockedMemory()).matches("unlimited|\\d+ bytes");
    }
}
