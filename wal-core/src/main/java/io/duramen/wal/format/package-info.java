/// What do the bytes of a log mean? This page is the specification of format version 1, complete
/// enough to write a reader from. Each layout is drawn at its class; what is said there is part
/// of it.
///
/// Types in reading order:
///
/// 1. [FragmentName][io.duramen.wal.format.FragmentName] - the names of a log's files;
/// 2. [FragmentGeometry][io.duramen.wal.format.FragmentGeometry] - the areas of a fragment;
/// 3. [FragmentHeader][io.duramen.wal.format.FragmentHeader] - its first 4 KiB, with
///    [FormatVersion][io.duramen.wal.format.FormatVersion] and
///    [PageChecksum][io.duramen.wal.format.PageChecksum];
/// 4. [EntryHeader][io.duramen.wal.format.EntryHeader] and
///    [EntryChecksum][io.duramen.wal.format.EntryChecksum] - what every record starts with;
/// 5. [GroupRecord][io.duramen.wal.format.GroupRecord] - what every group starts with;
/// 6. [EntryWriter][io.duramen.wal.format.EntryWriter],
///    [EntryReader][io.duramen.wal.format.EntryReader] - encode and check records;
/// 7. [FragmentFooter][io.duramen.wal.format.FragmentFooter] - its last 4 KiB, once it is sealed;
/// 8. [WriterStatus][io.duramen.wal.format.WriterStatus] - the content of `LOCK`.
///
/// It may import `java.*` and the errors of `io.duramen.wal`. It does no I/O: whoever has bytes
/// calls it. Bytes are validated, never trusted.
///
/// ## Conventions
///
/// Integers are little-endian; u32 and u64 are 4 and 8 bytes, and lie at multiples of their size.
/// A stored -1 has all bits set. Offsets count bytes from the start of the file, entry ids from
/// 0. Times are nanoseconds since 1970-01-01T00:00Z. CRC32C is that of RFC 3720, appendix B.4
/// (polynomial 0x1EDC6F41 reflected, initial value and final xor 0xFFFFFFFF; of the ASCII text
/// `123456789` it is 0xE3069283). Bytes that are called zero are written as zero; a reader of
/// version 1 does not look at them, except for checksums that cover them.
///
/// ## Files of a log
///
/// The directory is `log_` and the log id: 1 to 120 characters of `A-Z a-z 0-9 . _ -`, not
/// starting with a dot.
///
/// | name | what |
/// |---|---|
/// | `fragment_` and 20 digits | a fragment; the digits are the id of its first entry |
/// | `standby_` and 1 to 19 digits | a file allocated for a fragment to come; holds nothing yet |
/// | `head_` and 20 digits | empty; the digits are the id of the first entry there is |
/// | `end_<next id>_<first id>` | the last fragment of a log that is being truncated, see below |
/// | `floor_<id>_<until>_<consumer>` | empty; holds back trimming, see below |
/// | `LOCK` | locked by the writer while it has the log open; its status page; never deleted |
/// | `torn_<first id>_<offset>_<time>` | evidence, see below |
/// | `REPAIR` | the list of what a repair has decided and not completed yet; text |
///
/// Digits are ASCII. A fragment's name is at most `fragment_09223372036854775807`. Files of other
/// names are not the log's and are left alone.
///
/// A standby may hold a header already: it becomes a fragment by being renamed, when its header
/// and all entries of the fragment before are on the device. A file of this name therefore counts
/// for nothing, and recovery deletes it.
///
/// While there is a file `end_` (two ids of 20 digits, the second one not the higher one) the log
/// ends in front of the first id. The file is its last fragment, the one with the second id. Its
/// fragments from this id on count for nothing, and what is promised counts up to the entry before
/// the first id only. A writer lowers floors and the status page, syncs that, deletes the
/// fragments, syncs the directory, and then gives the file its name. Of several the one with the
/// lowest first id counts.
///
/// A torn file is a plain copy of what recovery cut: the bytes of the fragment with that first id
/// (20 digits), from that offset (decimal, the end of data then) to the last byte that was not
/// zero. The time is when. It is for people, and for recovery as long as that fragment is the last.
///
/// While `REPAIR` is there nobody else opens the log: fragments may be missing or of two lives. Its
/// lines are described at `RepairList` of the log package.
///
/// The fragments of a log, ordered by first id, follow one another without a gap: each starts
/// with the id after the last of the one before, and its header repeats that one's last id and
/// checksum. The first is the one with the highest first id up to the head. Those before it were
/// trimmed and count for nothing. Where it does not hold the head, that entry's fragment is
/// missing, unless the log ends in front of the head, or the head is 0 and there are no fragments.
/// Of several heads the highest counts; a log of an early release has none, and may then start at
/// any id.
///
/// The head is the first entry of a group, and not inside an atomic batch. What lies between the
/// header of its fragment and its group record counts for nothing, and whole blocks of it may be a
/// hole; a fragment without footer has marks for the entries that were there.
///
/// A floor is the first entry that a consumer still needs (20 digits), the time its claim ends in
/// milliseconds since 1970 (1 to 19 digits, without leading zeros; 0 for never), and the consumer's
/// name, 1 to 120 characters of `A-Z a-z 0-9 . _ -`. Of several of one consumer the lowest counts.
///
/// ## Areas of a fragment
///
/// ```
/// 0        4096                end of data          index start      size-4096   size
/// +--------+--------------------+- - - - - - - - - -+----------------+-----------+
/// | header | data, grows up     | free              | index          | footer    |
/// +--------+--------------------+- - - - - - - - - -+----------------+-----------+
/// ```
///
/// The size is a multiple of 4096 from 12 KiB to 32 GiB, is in the header, and never changes.
/// Index and footer are there only when the fragment is sealed. At all times, with `n` entries,
/// `end of data + 48 <= size - 4096 - 4 n` held when the last entry was added: what is left is
/// room for the record of a clean close. The free area is zero, or a hole, in a fragment that was
/// written to a new file; a reader does not count on it.
///
/// **Header**: see [FragmentHeader][io.duramen.wal.format.FragmentHeader]. It is good when magic,
/// version and checksum are, in this order, when the size in it is a legal one and that of the
/// file, when the hash (FNV-1a, 64 bit, of the log id) is that of the log, and the first id that of
/// the name. `predecessor's last entry id` is always first id - 1. `predecessor's last entry
/// crc` is the stored checksum of that entry; a log's very first fragment has 0 there. `block
/// size` is 4096 in version 1. The writer epoch is never lower than that of any writer before, and
/// higher where the opening for writing named none.
///
/// ## Records
///
/// The data area is a sequence of records, each at a multiple of 8:
///
/// ```
///  0               4        8
///  +---------------+--------+----------------------+------------------------+
///  | size word u32 | crc u32| payload              | zeros to multiple of 8 |
///  +---------------+--------+----------------------+------------------------+
///   bits 0-29: payload size in bytes, 0 to 2^30 - 1
///   bit 30:    batch continues
///   bit 31:    control record
///   bits 30 and 31 together: lost entry
/// ```
///
/// The checksum is CRC32C over: generation (u64, from the header), entry id (u64), size word
/// (u32), payload. A sum of 0 is stored as 1. So eight zero bytes are no record: they say that
/// nothing follows. The padding is not covered; nothing depends on it.
///
/// An **entry** has bit 31 clear. Its id is not stored: it is the one expected at its place, the
/// fragment's first id plus the number of entries before it, and takes part in the checksum. An
/// empty payload is an entry like any other.
///
/// A **lost entry** has bits 30 and 31 set. It is what a repair leaves in the place of an entry
/// that was damaged and that it was told to drop: it takes the entry's id and checksum rule, its
/// payload is zero and means nothing. A reader that is asked for it says that it is lost. Of a row
/// of them each has a record, so that ids stay dense and every id has a word in the index.
///
/// A **group record** is the only other control record of version 1. Its size word is 0x80000028
/// (40 bytes of payload, bit 30 clear), its first payload word the kind, 1. Any other word with bit
/// 31 set and bit 30 clear is not valid. For its fields see
/// [GroupRecord][io.duramen.wal.format.GroupRecord]. It takes no id; its checksum is computed with
/// its `first id` as entry id, and that must be the id expected next.
///
/// **Groups.** The first record of a fragment is a group record (of the log's first one, see the
/// head above, the first that counts); the entries of a group, and what a
/// repair left in their places, follow it. A writer writes a group in one piece and counts entries
/// and bytes in the record. After a crash a prefix of the group may be what is left, with the next
/// group record behind it: a reader goes from record to record and does not skip by these counts. A
/// group may be empty; a clean close leaves such a record, so that all before it is known to be
/// durable.
///
/// **Time.** An entry's time is that of the nearest group record before it. Within a fragment it
/// never decreases.
///
/// **Durable id.** Every entry up to `durable id`, -1 for none, was on the device before the
/// group was written. If recovery finds an entry of at most that id invalid, it is damage and not
/// a torn write.
///
/// **Atomic batches.** An entry with bit 30 set and the next entry, whose group may be another,
/// stand or fall together. A batch whose last entry (bit 30 clear) is missing does not count,
/// none of it. A writer never names an entry inside a batch as durable before the batch's end is.
///
/// ## Where the data ends
///
/// In a sealed fragment: at `end of data` of the footer. In any other: from 4096 on, record by
/// record, up to the first place where
///
/// - fewer than 8 bytes are left before the footer's place (size - 4096), or eight zero bytes
///   lie;
/// - or the record would reach beyond that place, or its checksum does not match, or it is a
///   control record that is not valid;
///
/// and then back to before the last batch if that is not whole. What lies behind counts for
/// nothing, except as proof: a valid group record at any multiple of 8 further on, whatever id it
/// expects, tells by its durable id which entries must not be missing. So does any later
/// fragment, of all entries before it, and the status page. Without proof it is a torn tail:
/// recovery copies it to a torn file, overwrites it with zeros, and appends there.
///
/// ## Index
///
/// For each entry a u32: its offset / 8. That of the first entry has the highest address, just
/// below the footer; entry number `k`, from 0, has its word at `size - 4096 - 4 (k + 1)`. Group
/// records have none. To read from the middle, take the word of the entry; to learn its time, go
/// back over the entries before it while each ends where the next begins: the group record ends
/// where the last one reached begins.
///
/// ## Footer
///
/// See [FragmentFooter][io.duramen.wal.format.FragmentFooter]. It is written when everything else
/// is on the device. It counts when magic, version and checksum are good, generation and first id
/// are the header's, and `last id - first id + 1 = entry count`; a fragment whose footer does not
/// count is not sealed. `crc32c of the index area` is over its bytes from index start to footer,
/// 0 for none. A fragment without entries has last id = first id - 1 and the predecessor's crc.
/// The times are those of the first and the last group.
///
/// ## Generation
///
/// 64 random bits, drawn whenever a file is put to use as a fragment, also when it was one
/// before. They take part in every checksum, and the footer repeats them: records and footers of
/// a file's earlier life, or of another file, do not validate, wherever they come to lie. So the
/// data area of a fragment need not be zero when it is put to use, and a reader must not rely on
/// it.
///
/// ## The status page
///
/// `LOCK` is 4096 bytes, see [WriterStatus][io.duramen.wal.format.WriterStatus], changed by the
/// writer through a shared mapping while others read it. A writer that begins syncs it, and who
/// lowers it (a repair, a truncation). The durable id counts after a crash when magic, version and
/// hash are good and the word behind it has every bit flipped. The end of a log that was closed
/// counts when its check word is right and its epoch is the page's. An all-zero page says that
/// there was no writer yet.
///
/// ## Versions
///
/// Magic and version keep their places in all versions, and are looked at, in this order, before
/// anything else. A reader of version `n` reads all versions up to `n`, and refuses a newer one
/// naming both numbers; 0 is damage. Footer and records follow their header's version; the footer
/// and the status page repeat it. Whatever a reader of version 1 would misread (another layout,
/// another kind of control record, a use for bytes that are zero) is a new version. Files of
/// every released version stay in the tests.
package io.duramen.wal.format;
