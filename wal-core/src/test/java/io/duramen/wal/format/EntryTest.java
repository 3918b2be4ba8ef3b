package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.EntryReader.Found;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Entries: what [EntryWriter] encodes is what [EntryReader] finds, and nothing else is.
class EntryTest {
    private static final long GENERATION = 0x5eed5eed5eed5eedL;
    private static final int START = 64;

    private final MemorySegment bytes = Arena.ofAuto().allocate(32 << 10, 8);
    private final EntryWriter writer = new EntryWriter(bytes, GENERATION);
    private final EntryReader reader = new EntryReader(bytes, GENERATION, bytes.byteSize());

    static IntStream sizes() {
        return IntStream.concat(IntStream.of(0, 1, 7, 8, 9, 15, 16, 300, 8080),
                IntStream.rangeClosed(4087, 4097));
    }

    private static byte[] payload(int sizeBytes) {
        byte[] payload = new byte[sizeBytes];
        new Random(sizeBytes).nextBytes(payload);
        return payload;
    }

    private int write(long offset, long id, byte[] payload, boolean batchContinues) {
        MemorySegment.copy(payload, 0, bytes, ValueLayout.JAVA_BYTE,
                EntryWriter.payloadOffset(offset), payload.length);
        return writer.finishEntry(offset, id, payload.length, batchContinues);
    }

    private byte[] payloadFound() {
        return bytes.asSlice(reader.payloadOffset(), reader.payloadBytes())
                .toArray(ValueLayout.JAVA_BYTE);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void an_entry_of_any_size_reads_back(int sizeBytes) {
        int crc = write(START, 9, payload(sizeBytes), false);
        assertThat(reader.inspect(START, 9)).isEqualTo(Found.ENTRY);
        assertThat(payloadFound()).isEqualTo(payload(sizeBytes));
        assertThat(reader.crc()).isEqualTo(crc);
        assertThat(reader.batchContinues()).isFalse();
        assertThat(reader.recordBytes()).isEqualTo(8 + (sizeBytes + 7) / 8 * 8)
                .isEqualTo(reader.recordBytesAt(START));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE})
    void an_entry_validates_under_its_own_id_only(long id) {
        write(START, id, payload(20), false);
        assertThat(reader.inspect(START, id)).isEqualTo(Found.ENTRY);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            assertThat(reader.inspect(START, id ^ 1L << bit)).isEqualTo(Found.INVALID);
        }
    }

    @Test
    void an_entry_validates_under_its_own_generation_only() {
        write(START, 0, payload(20), false);
        for (int bit = 0; bit < Long.SIZE; bit++) {
            EntryReader other = new EntryReader(bytes, GENERATION ^ 1L << bit, bytes.byteSize());
            assertThat(other.inspect(START, 0)).isEqualTo(Found.INVALID);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 48, 4096, 16 << 10})
    void a_mark_of_a_lost_entry_takes_its_id_and_covers_its_place(int recordBytes) {
        bytes.fill((byte) 0xff);
        int crc = writer.markLost(START, 9, recordBytes);
        assertThat(reader.inspect(START, 9)).isEqualTo(Found.LOST);
        assertThat(reader.recordBytes()).isEqualTo(recordBytes);
        assertThat(reader.crc()).isEqualTo(crc);
        assertThat(reader.batchContinues()).isFalse();
        assertThat(payloadFound()).isEqualTo(new byte[recordBytes - 8]);
        assertThat(bytes.get(ValueLayout.JAVA_BYTE, START + recordBytes)).isEqualTo((byte) 0xff);
        assertThat(reader.inspect(START, 10)).isEqualTo(Found.INVALID);
        assertThat(reader.isGroupAt(START)).isFalse();
    }

    /// One bit lies between the mark and a group record of the same size.
    @Test
    void every_single_wrong_bit_of_a_mark_is_noticed() {
        writer.markLost(START, 3, 48);
        BitFlips.each(bytes, START, START + 48,
                bit -> assertThat(reader.inspect(START, 3)).as("bit %d", bit - START * 8)
                        .isIn(Found.INVALID, Found.FREE));
    }

    @Test
    void entries_that_changed_places_do_not_validate() {
        write(0, 5, payload(16), false);
        write(24, 6, payload(9), false);
        MemorySegment first = Arena.ofAuto().allocate(24);
        first.copyFrom(bytes.asSlice(0, 24));
        bytes.asSlice(0, 24).copyFrom(bytes.asSlice(24, 24));
        bytes.asSlice(24, 24).copyFrom(first);
        assertThat(reader.inspect(0, 5)).isEqualTo(Found.INVALID);
        assertThat(reader.inspect(24, 6)).isEqualTo(Found.INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 41, 300})
    void every_single_wrong_bit_of_header_word_and_payload_is_noticed(int sizeBytes) {
        write(START, 3, payload(sizeBytes), false);
        BitFlips.each(bytes, START, START + 8 + sizeBytes,
                bit -> assertThat(reader.inspect(START, 3)).as("bit %d", bit - START * 8)
                        .isNotIn(Found.ENTRY, Found.GROUP));
    }

    /// The checksum ends with the payload: nothing is read from the padding, so nothing can be read
    /// wrongly because of it.
    @Test
    void a_wrong_bit_of_the_padding_changes_nothing_that_is_read() {
        write(START, 3, payload(3), false);
        BitFlips.each(bytes, START + 8 + 3, START + 16, _ -> {
            assertThat(reader.inspect(START, 3)).isEqualTo(Found.ENTRY);
            assertThat(payloadFound()).isEqualTo(payload(3));
            assertThat(reader.recordBytes()).isEqualTo(16);
        });
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void padding_is_zero_whatever_the_buffer_held_and_what_follows_stays(int sizeBytes) {
        bytes.fill((byte) 0xff);
        write(START, 3, payload(sizeBytes), false);
        long end = START + EntryHeader.entryBytes(sizeBytes);
        for (long at = START + 8 + sizeBytes; at < end; at++) {
            assertThat(bytes.get(ValueLayout.JAVA_BYTE, at)).isZero();
        }
        assertThat(bytes.get(ValueLayout.JAVA_BYTE, START - 1)).isEqualTo((byte) 0xff);
        assertThat(bytes.get(ValueLayout.JAVA_BYTE, end)).isEqualTo((byte) 0xff);
    }

    @Test
    void the_batch_flag_reads_back_and_is_checked() {
        write(START, 3, payload(5), true);
        assertThat(reader.inspect(START, 3)).isEqualTo(Found.ENTRY);
        assertThat(reader.batchContinues()).isTrue();
        assertThat(reader.payloadBytes()).isEqualTo(5);
        BitFlips.flip(bytes, START * 8 + 30);
        assertThat(reader.inspect(START, 3)).isEqualTo(Found.INVALID);
    }

    @Test
    void eight_zero_bytes_are_free_space_whatever_follows_and_whatever_is_expected() {
        bytes.fill((byte) 0xff);
        bytes.asSlice(START, 8).fill((byte) 0);
        for (long id : new long[] {0, 1, 1L << 62, -1}) {
            assertThat(reader.inspect(START, id)).isEqualTo(Found.FREE);
        }
    }

    @Test
    void an_entry_that_would_reach_beyond_the_limit_is_invalid() {
        write(START, 3, payload(100), false);
        long end = START + EntryHeader.entryBytes(100);
        assertThat(new EntryReader(bytes, GENERATION, end).inspect(START, 3))
                .isEqualTo(Found.ENTRY);
        assertThat(new EntryReader(bytes, GENERATION, end - 1).inspect(START, 3))
                .isEqualTo(Found.INVALID);
    }

    @Test
    void fewer_than_eight_bytes_before_the_limit_are_free_space() {
        bytes.fill((byte) 0xff);
        EntryReader limited = new EntryReader(bytes, GENERATION, START + 7);
        assertThat(limited.inspect(START, 0)).isEqualTo(Found.FREE);
        assertThat(limited.inspect(START + 64, 0)).isEqualTo(Found.FREE);
        assertThat(limited.isGroupAt(START)).isFalse();
    }

    @Test
    void a_control_record_of_an_unknown_kind_is_invalid() {
        GroupRecord group = new GroupRecord(1, 3, 2, 1, 100);
        writer.writeGroupRecord(START, group);
        int kindOfTomorrow = 2;
        bytes.set(Layouts.U32, START + 8, kindOfTomorrow);
        int sizeWord = GroupRecord.sizeWord();
        int crc = new EntryChecksum().of(GENERATION, 3, sizeWord,
                bytes.asSlice(START + 8, 40).asByteBuffer());
        EntryHeader.publish(bytes, START, EntryHeader.pack(sizeWord, crc));
        assertThat(reader.inspect(START, 3)).isEqualTo(Found.INVALID);
        assertThat(reader.isGroupAt(START)).isFalse();
    }

    /// Random bytes are what a scan meets where data of another life was.
    @Test
    void random_bytes_are_never_an_entry() {
        long seed = System.nanoTime();
        System.out.println("random_bytes_are_never_an_entry: seed " + seed);
        byte[] noise = new byte[(int) bytes.byteSize()];
        new Random(seed).nextBytes(noise);
        MemorySegment.copy(noise, 0, bytes, ValueLayout.JAVA_BYTE, 0, noise.length);
        for (long at = 0; at < noise.length; at += 8) {
            bytes.set(Layouts.U32, at, bytes.get(Layouts.U32, at) & 0x40000fff);
            assertThat(reader.inspect(at, at)).as("seed %d, offset %d", seed, at)
                    .isIn(Found.INVALID, Found.FREE);
        }
    }
}
