package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U32;
import static io.duramen.wal.format.Layouts.U64;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;

/// The content of `LOCK`: what a writer tells other processes through a shared mapping.
///
/// ```
///    0  magic "DURALOCK"              8 bytes
///    8  format version                u32
///   12  zero                          u32
///   16  log id hash                   u64
///   24  process id of the writer      u64
///   32  writer epoch                  u64
///   40  written id                    u64, -1 for none
///   48  durable id                    u64, -1 for none
///   56  durable id, every bit flipped u64
///   64  number of truncations         u64
///   72  epoch of the writer that closed the log      u64, 0 while it is open
///   80  generation of its last fragment then         u64
///   88  end of data in that fragment                 u64, offset in bytes
///   96  the three xor-ed, every bit flipped          u64
///  104  zeros                         24 bytes
///  128  I/O mode, ASCII               16 bytes, the rest zero
///  144  I/O driver, ASCII             16 bytes, the rest zero
///  160  zeros                         352 bytes
///  512  ends of the last truncations  64 of u64, number n in place n % 64
/// 1024  zeros
/// ```
///
/// The durable id is stored after the sync that it speaks of and before anyone is told, so whatever
/// value is found later is a promise that was given. It therefore also serves recovery as a witness
/// kept apart from the entries; the flipped copy guards it against damage of its own. A repair and
/// a truncation, which lower it, sync the page.
///
/// The words of a close are stored when all of the log is on the device, and taken back, on the
/// device, before anything is appended: who finds them need not look for what a crash left. They
/// count only in the epoch that the page tells. Nothing else here matters after a crash.
///
/// A truncation first stores the id that the log goes on with in its place, then the number of
/// truncations, and only then lets anything be written: who sees a durable id of the log as it is
/// now sees the truncations before it as well.
public final class WriterStatus {
    public static final int BYTES = PageChecksum.PAGE_BYTES;

    private static final long MAGIC = FragmentHeader.magic("DURALOCK");
    private static final VarHandle WORD = U64.varHandle();
    private static final long MAGIC_AT = 0;
    private static final long EPOCH_AT = 32;
    private static final long WRITTEN_AT = 40;
    private static final long DURABLE_AT = 48;
    private static final long DURABLE_FLIPPED_AT = 56;
    private static final long TRUNCATIONS_AT = 64;
    private static final long CLOSED_EPOCH_AT = 72;
    private static final long CLOSED_GENERATION_AT = 80;
    private static final long CLOSED_END_AT = 88;
    private static final long CLOSED_CHECK_AT = 96;
    private static final long CLOSED_BYTES = CLOSED_CHECK_AT + Long.BYTES - CLOSED_EPOCH_AT;
    private static final long ENDS_AT = 512;
    private static final int ENDS = 64;
    private static final long IO_MODE_AT = 128;
    private static final long IO_DRIVER_AT = 144;
    private static final int NAME_BYTES = 16;

    private final MemorySegment page;

    /// @param page the file's first 4 KiB, mapped
    public WriterStatus(MemorySegment page) {
        this.page = page;
    }

    /// Takes the page over for a new writer.
    ///
    /// @param ioMode how it writes, for people; at most 16 ASCII characters, as is `ioDriver`
    public void begin(long logIdHash, long pid, long writerEpoch, long lastId, String ioMode,
            String ioDriver) {
        page.asSlice(CLOSED_EPOCH_AT, CLOSED_BYTES).fill((byte) 0);
        page.set(U32, 8, FormatVersion.CURRENT);
        page.set(U32, 12, 0);
        page.set(U64, 16, logIdHash);
        page.set(U64, 24, pid);
        WORD.setRelease(page, EPOCH_AT, writerEpoch);
        setName(IO_MODE_AT, ioMode);
        setName(IO_DRIVER_AT, ioDriver);
        written(lastId);
        durable(lastId);
        WORD.setRelease(page, MAGIC_AT, MAGIC); // last: one half filled is still blank
    }

    /// True where no writer has ever filled the page.
    public boolean isBlank() {
        return (long) WORD.getAcquire(page, MAGIC_AT) == 0;
    }

    /// True where some writer of this log has filled the page.
    public boolean isOf(long logIdHash) {
        return (long) WORD.getAcquire(page, MAGIC_AT) == MAGIC
                && page.get(U32, 8) == FormatVersion.CURRENT
                && page.get(U64, 16) == logIdHash;
    }

    public long pid() {
        return (long) WORD.getAcquire(page, MAGIC_AT) == MAGIC ? page.get(U64, 24) : 0;
    }

    public long writerEpoch() {
        return (long) WORD.getAcquire(page, EPOCH_AT);
    }

    /// The I/O mode of the last writer; empty where there was none.
    public String ioMode() {
        return name(IO_MODE_AT);
    }

    /// The I/O driver of the last writer; empty where there was none.
    public String ioDriver() {
        return name(IO_DRIVER_AT);
    }

    private void setName(long at, String name) {
        byte[] ascii = Arrays.copyOf(name.getBytes(US_ASCII), NAME_BYTES);
        MemorySegment.copy(MemorySegment.ofArray(ascii), 0, page, at, NAME_BYTES);
    }

    private String name(long at) {
        byte[] ascii = page.asSlice(at, NAME_BYTES).toArray(ValueLayout.JAVA_BYTE);
        return new String(ascii, US_ASCII).replace("\0", "");
    }

    public void written(long id) {
        WORD.setRelease(page, WRITTEN_AT, id);
    }

    public long written() {
        return (long) WORD.getAcquire(page, WRITTEN_AT);
    }

    public void durable(long id) {
        WORD.setRelease(page, DURABLE_FLIPPED_AT, ~id);
        WORD.setRelease(page, DURABLE_AT, id);
    }

    public long durable() {
        return (long) WORD.getAcquire(page, DURABLE_AT);
    }

    /// The durable id as a witness: -1 where the page cannot be trusted.
    public long durableWitness(long logIdHash) {
        long id = durable();
        return isOf(logIdHash) && (long) WORD.getAcquire(page, DURABLE_FLIPPED_AT) == ~id ? id : -1;
    }

    /// Notes where the log ended when it was closed.
    ///
    /// @param epoch of the writer that closes it, more than zero
    public void closed(long epoch, ClosedEnd end) {
        WORD.setRelease(page, CLOSED_EPOCH_AT, epoch);
        WORD.setRelease(page, CLOSED_GENERATION_AT, end.generation());
        WORD.setRelease(page, CLOSED_END_AT, end.endOfData());
        WORD.setRelease(page, CLOSED_CHECK_AT,
                check(epoch, end.generation(), end.endOfData()));
    }

    /// Where the log ended when it was closed; empty where a writer has it open, or its last one
    /// did not come to closing it, or the page cannot be trusted.
    public Optional<ClosedEnd> closedEnd(long logIdHash) {
        long epoch = (long) WORD.getAcquire(page, CLOSED_EPOCH_AT);
        long generation = (long) WORD.getAcquire(page, CLOSED_GENERATION_AT);
        long end = (long) WORD.getAcquire(page, CLOSED_END_AT);
        boolean holds = isOf(logIdHash) && epoch != 0 && epoch == writerEpoch()
                && (long) WORD.getAcquire(page, CLOSED_CHECK_AT) == check(epoch, generation, end);
        return holds ? Optional.of(new ClosedEnd(generation, end)) : Optional.empty();
    }

    private static long check(long epoch, long generation, long end) {
        return ~(epoch ^ generation ^ end);
    }

    /// How often the log was truncated.
    public long truncations() {
        return (long) WORD.getAcquire(page, TRUNCATIONS_AT);
    }

    /// Notes a truncation.
    ///
    /// @param nextId the id that the log goes on with
    public void truncated(long nextId) {
        long number = truncations() + 1;
        WORD.setRelease(page, endAt(number), nextId);
        WORD.setRelease(page, TRUNCATIONS_AT, number);
    }

    private static long endAt(long number) {
        return ENDS_AT + Long.remainderUnsigned(number, ENDS) * Long.BYTES;
    }

    /// The lowest id that the log went on with in any truncation after the first `seen` ones.
    ///
    /// @return `Long.MAX_VALUE` where there was none, 0 where there were too many to know
    public long lowestEndSince(long seen) {
        long now = truncations();
        long lowest = Long.MAX_VALUE;
        if (areKnown(seen, now)) {
            for (long number = seen + 1; number <= now; number++) {
                lowest = Math.min(lowest, (long) WORD.getAcquire(page, endAt(number)));
            }
        }
        return areKnown(seen, truncations()) ? lowest : 0;
    }

    /// The place of the one after these may be written to already.
    private static boolean areKnown(long seen, long now) {
        return now >= seen && now - seen < ENDS - 1;
    }
}
