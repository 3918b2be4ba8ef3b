package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/// Headers and footers are one page of 4 KiB whose last four bytes are the CRC32C of those before.
final class PageChecksum {
    static final int PAGE_BYTES = 4096;
    private static final int CRC_AT = PAGE_BYTES - 4;

    private PageChecksum() {
    }

    static void seal(MemorySegment page) {
        page.set(U32, CRC_AT, sum(page));
    }

    static boolean holds(MemorySegment page) {
        return page.get(U32, CRC_AT) == sum(page);
    }

    /// True where the checksum holds once the word at `at` has this value.
    static boolean holdsWith(MemorySegment page, long at, int value) {
        MemorySegment changed = Arena.ofAuto().allocate(PAGE_BYTES, Long.BYTES)
                .copyFrom(page.asSlice(0, PAGE_BYTES));
        changed.set(U32, at, value);
        return holds(changed);
    }

    private static int sum(MemorySegment page) {
        CRC32C crc = new CRC32C();
        crc.update(page.asSlice(0, CRC_AT).asByteBuffer());
        return (int) crc.getValue();
    }
}
