package io.duramen.wal.tools;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.FragmentVisitor;
import io.duramen.wal.log.EpochNanos;
import java.io.PrintWriter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Prints what lies in a fragment, a line for each record, findings in their place.
final class FragmentPrinter implements FragmentVisitor {
    private final PrintWriter out;
    private final long from;
    private final long end;
    private final int payloadBytesMax;
    private final long fileSizeBytes;
    private boolean damage;

    /// @param from first entry to show
    /// @param end the entry behind the last to show
    /// @param fileSizeBytes of the fragment
    FragmentPrinter(PrintWriter out, long from, long end, int payloadBytesMax,
            long fileSizeBytes) {
        this.out = out;
        this.fileSizeBytes = fileSizeBytes;
        this.from = from;
        this.end = end;
        this.payloadBytesMax = payloadBytesMax;
    }

    boolean sawDamage() {
        return damage;
    }

    @Override
    public void finding(FragmentFinding finding) {
        boolean isDamage = finding.severity() == FragmentFinding.Severity.DAMAGE;
        damage |= isDamage;
        out.printf("%10d  %s%s: %s%n", finding.offset(), isDamage ? "DAMAGE" : "note",
                finding.entryId() < 0 ? "" : " entry " + finding.entryId(), finding.what());
    }

    @Override
    public void header(FragmentHeader seen, boolean holds) {
        line(0, "header", mark(holds));
        field("log id hash", "%016x".formatted(seen.logIdHash()));
        field("generation", "%016x".formatted(seen.generation()));
        field("first id", seen.firstId());
        field("file size", seen.fileSizeBytes());
        field("block size", seen.blockBytes());
        field("writer epoch", seen.writerEpoch());
        field("created", EpochNanos.toInstant(seen.createdNanos()));
        field("predecessor", seen.predecessorLastId() < 0 ? "none"
                : "entry %d crc %08x".formatted(seen.predecessorLastId(),
                        seen.predecessorLastCrc()));
    }

    @Override
    public void group(long offset, GroupRecord group) {
        boolean empty = group.entryCount() == 0;
        if (group.firstId() >= end || group.firstId() + group.entryCount() <= from && !empty
                || empty && group.firstId() < from) {
            return;
        }
        line(offset, empty ? "close" : "group", "first id %d entries %d bytes %d durable id %d %s"
                .formatted(group.firstId(), group.entryCount(), group.groupBytes(),
                        group.durableId(), EpochNanos.toInstant(group.timestampNanos())));
    }

    @Override
    public void entry(SeenEntry entry) {
        if (entry.id() < from || entry.id() >= end) {
            return;
        }
        line(entry.offset(), "entry", "%d size %d crc %08x%s  %s".formatted(entry.id(),
                entry.payload().byteSize(), entry.crc(),
                entry.batchContinues() ? " batch continues" : "", preview(entry.payload())));
    }

    @Override
    public void lost(long offset, long entryId, long recordBytes) {
        if (entryId >= from && entryId < end) {
            line(offset, "lost", "%d bytes %d".formatted(entryId, recordBytes));
        }
    }

    @Override
    public void footer(FragmentFooter seen, boolean holds) {
        FragmentGeometry geometry = new FragmentGeometry(fileSizeBytes);
        line(geometry.indexStart(seen.entryCount()), "index",
                "%d words crc %08x".formatted(seen.entryCount(), seen.indexCrc()));
        line(geometry.footerStart(), "footer", mark(holds));
        field("generation", "%016x".formatted(seen.generation()));
        field("entries", seen.entryCount());
        field("ids", seen.firstId() + " to " + seen.lastId());
        field("end of data", seen.endOfData());
        field("last entry crc", "%08x".formatted(seen.lastEntryCrc()));
        field("first group", EpochNanos.toInstant(seen.firstTimestampNanos()));
        field("last group", EpochNanos.toInstant(seen.lastTimestampNanos()));
    }

    private static String mark(boolean holds) {
        return holds ? "" : "DAMAGED";
    }

    private void line(long offset, String what, String rest) {
        out.println("%10d  %-6s %s".formatted(offset, what, rest).stripTrailing());
    }

    private void field(String name, Object value) {
        out.printf("%10s    %-15s %s%n", "", name, value);
    }

    /// The first bytes, as hexadecimal and as text.
    private String preview(MemorySegment payload) {
        int shown = (int) Math.min(payloadBytesMax, payload.byteSize());
        StringBuilder hex = new StringBuilder();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < shown; i++) {
            byte value = payload.get(ValueLayout.JAVA_BYTE, i);
            hex.append(Character.forDigit((value >> 4) & 15, 16))
                    .append(Character.forDigit(value & 15, 16));
            text.append(value >= ' ' && value < 0x7f ? (char) value : '.');
        }
        return hex + (shown < payload.byteSize() ? ".." : "") + " |" + text + "|";
    }
}
