package io.duramen.wal.fragment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.fragment.GoldenLog.GoldenEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A second reader of fragments, written from the specification alone and using nothing of the
/// first: where both read the same, the specification says what the code does.
final class ReaderFromSpecification {
    private final ByteBuffer bytes;
    private final long generation;
    private final long firstId;
    private final boolean sealed;
    private final List<GoldenEntry> entries = new ArrayList<>();
    private long endOfData;

    ReaderFromSpecification(byte[] fragment) {
        bytes = ByteBuffer.wrap(fragment).order(ByteOrder.LITTLE_ENDIAN);
        require(text(0).equals("DURAFRAG"), "magic");
        require(bytes.getInt(8) == 1, "version");
        require(crc(0, 4092) == bytes.getInt(4092), "header checksum");
        require(bytes.getLong(40) == fragment.length, "file size");
        generation = bytes.getLong(24);
        firstId = bytes.getLong(32);
        sealed = hasFooter();
        scan();
        if (sealed) {
            compareWithFooter();
        }
    }

    boolean isSealed() {
        return sealed;
    }

    long endOfData() {
        return endOfData;
    }

    List<GoldenEntry> entries() {
        return entries;
    }

    private int footerStart() {
        return bytes.capacity() - 4096;
    }

    private boolean hasFooter() {
        int at = footerStart();
        return text(at).equals("DURAFOOT") && bytes.getInt(at + 8) == 1
                && crc(at, 4092) == bytes.getInt(at + 4092)
                && bytes.getLong(at + 16) == generation && bytes.getLong(at + 32) == firstId;
    }

    private void scan() {
        int limit = sealed ? (int) bytes.getLong(footerStart() + 48) : footerStart();
        int at = 4096;
        long timestampNanos = 0;
        int countWhole = 0;
        boolean inBatch = false;
        endOfData = at;
        while (at + 8 <= limit && bytes.getLong(at) != 0) {
            int sizeWord = bytes.getInt(at);
            int payloadBytes = sizeWord & 0x3fffffff;
            int next = at + 8 + (payloadBytes + 7) / 8 * 8;
            boolean control = (sizeWord & 0x80000000) != 0;
            long id = firstId + entries.size();
            if (next > limit || !isValid(at, sizeWord, payloadBytes, id)) {
                break;
            }
            if (control) {
                require(sizeWord == 0x80000028 && bytes.getInt(at + 8) == 1, "kind");
                require(bytes.getLong(at + 16) == id, "first id of the group");
                timestampNanos = bytes.getLong(at + 32);
            } else {
                byte[] payload = new byte[payloadBytes];
                bytes.get(at + 8, payload);
                inBatch = (sizeWord & 0x40000000) != 0;
                entries.add(new GoldenEntry(id, timestampNanos, inBatch, payload));
            }
            at = next;
            if (!inBatch) {
                endOfData = at;
                countWhole = entries.size();
            }
        }
        entries.subList(countWhole, entries.size()).clear();
    }

    private boolean isValid(int at, int sizeWord, int payloadBytes, long id) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(generation)
                .putLong(id).putInt(sizeWord).flip());
        crc.update(bytes.slice(at + 8, payloadBytes));
        int sum = (int) crc.getValue();
        return bytes.getInt(at + 4) == (sum == 0 ? 1 : sum);
    }

    private void compareWithFooter() {
        int footer = footerStart();
        long count = bytes.getLong(footer + 24);
        int indexStart = (int) (footer - 4 * count);
        require(count == entries.size(), "entry count");
        require(bytes.getLong(footer + 40) == firstId + count - 1, "last id");
        require(bytes.getLong(footer + 48) == endOfData, "end of data");
        require(bytes.getInt(footer + 56) == crc(indexStart, footer - indexStart), "index");
        require(bytes.getLong(footer + 64) == entries.getFirst().timestampNanos(), "first time");
        require(bytes.getLong(footer + 72) == entries.getLast().timestampNanos(), "last time");
        for (int number = 0; number < count; number++) {
            int offset = bytes.getInt(footer - 4 * (number + 1)) * 8;
            int payloadBytes = entries.get(number).payload().length;
            require((bytes.getInt(offset) & 0x3fffffff) == payloadBytes, "index word");
        }
        int last = bytes.getInt(indexStart) * 8;
        require(bytes.getInt(footer + 60) == bytes.getInt(last + 4), "crc of the last entry");
    }

    private String text(int at) {
        byte[] text = new byte[8];
        bytes.get(at, text);
        return new String(text, US_ASCII);
    }

    private int crc(int at, int lengthBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at, lengthBytes));
        return (int) crc.getValue();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not as specified: " + what);
        }
    }
}
