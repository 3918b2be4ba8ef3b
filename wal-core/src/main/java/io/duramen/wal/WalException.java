package io.duramen.wal;

import java.nio.file.Path;
import java.time.Duration;

/// What can go wrong with a log. Each case is a type whose fields name the thing and its place; the
/// message is one sentence that ends with what to do where there is something to do.
///
/// The core throws these; between actors they travel inside replies. An append that ends in
/// [OutcomeUnknown] may or may not be in the log after it is opened again; one that ends in any
/// other of them was not written. [Cancelled] and [TimedOut] are about single operations below a
/// log and never the answer to an append.
public abstract sealed class WalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private WalException(String message) {
        super(message);
    }

    private WalException(String message, Throwable cause) {
        super(message, cause);
    }

    /// A call to the operating system failed.
    public static final class Io extends WalException {
        private static final long serialVersionUID = 1L;
        private final String call;
        private final transient Path file;
        private final int errno;

        /// @param call what was tried, named as in the manual page
        /// @param file the file or directory it was tried on
        /// @param errno the error number, 0 where the platform gave none
        /// @param reason the error in words
        public Io(String call, Path file, int errno, String reason) {
            super(call + " failed on " + file + ": " + reason
                    + (errno == 0 ? "" : " (errno " + errno + ")"));
            this.call = call;
            this.file = file;
            this.errno = errno;
        }

        public String call() {
            return call;
        }

        public Path file() {
            return file;
        }

        public int errno() {
            return errno;
        }
    }

    /// Bytes that were promised to be good are not: they fail their check, or are missing.
    public static final class Corrupt extends WalException {
        private static final long serialVersionUID = 1L;
        private final transient Path file;
        private final long offset;
        private final long entryId;
        private final String what;

        /// @param file the damaged file
        /// @param offset where in the file, in bytes
        /// @param entryId the entry that was expected there, -1 where no single entry is meant
        /// @param what what is wrong, as the predicate of a sentence about the file
        public Corrupt(Path file, long offset, long entryId, String what) {
            super(file + " is damaged at offset " + offset
                    + (entryId < 0 ? "" : " (entry " + entryId + ")") + ": " + what
                    + "; nothing was changed: restore the file from a copy, or ask 'wal repair"
                    + " --dry-run' what can be saved");
            this.file = file;
            this.offset = offset;
            this.entryId = entryId;
            this.what = what;
        }

        public Path file() {
            return file;
        }

        public long offset() {
            return offset;
        }

        public long entryId() {
            return entryId;
        }

        /// What is wrong, without file, place and advice.
        public String what() {
            return what;
        }
    }

    /// A file was written by a newer version of this software.
    public static final class Incompatible extends WalException {
        private static final long serialVersionUID = 1L;
        private final int found;
        private final int supported;

        public Incompatible(Path file, int found, int supported) {
            super(file + " has format version " + found
                    + ", this software reads up to version " + supported
                    + ": open it with a newer release");
            this.found = found;
            this.supported = supported;
        }

        public int found() {
            return found;
        }

        public int supported() {
            return supported;
        }
    }

    /// Fragments between two others are not there.
    public static final class MissingFragment extends WalException {
        private static final long serialVersionUID = 1L;
        private final transient Path file;
        private final long firstMissingId;
        private final long nextId;

        /// @param file the fragment that should be there
        /// @param firstMissingId the first entry id that no file holds
        /// @param nextId the first entry id after the gap
        public MissingFragment(Path file, long firstMissingId, long nextId) {
            super("the log in " + file.getParent()
                    + " misses entries " + firstMissingId + " to " + (nextId - 1) + ": the file "
                    + file.getFileName() + " is not there; put it back from a copy, or ask"
                    + " 'wal repair --dry-run' what can be saved");
            this.file = file;
            this.firstMissingId = firstMissingId;
            this.nextId = nextId;
        }

        public Path file() {
            return file;
        }

        public long firstMissingId() {
            return firstMissingId;
        }

        public long nextId() {
            return nextId;
        }
    }

    /// Entries that were damaged once, and whose places a repair marked. What follows them can be
    /// read.
    public static final class LostEntries extends WalException {
        private static final long serialVersionUID = 1L;
        private final transient Path file;
        private final long offset;
        private final long firstId;
        private final long lastId;

        /// @param file where the entries were
        /// @param offset of the first one's mark, in bytes
        /// @param firstId the entry that was asked for
        /// @param lastId the last one lost in a row with it, in this file
        public LostEntries(Path file, long offset, long firstId, long lastId) {
            super((firstId == lastId ? "entry " + firstId + " is"
                    : "entries " + firstId + " to " + lastId + " are")
                    + " lost: a repair of damage left a mark in " + file + " at offset " + offset
                    + "; read on from entry " + (lastId + 1));
            this.file = file;
            this.offset = offset;
            this.firstId = firstId;
            this.lastId = lastId;
        }

        public Path file() {
            return file;
        }

        public long offset() {
            return offset;
        }

        public long firstId() {
            return firstId;
        }

        public long lastId() {
            return lastId;
        }
    }

    /// A repair of the log was interrupted between two of its steps.
    public static final class RepairUnfinished extends WalException {
        private static final long serialVersionUID = 1L;

        /// @param directory the log's directory
        public RepairUnfinished(Path directory) {
            super("a repair of the log in " + directory + " was interrupted: run 'wal repair"
                    + " --apply' again, it completes what was begun");
        }
    }

    /// A damaged log cannot be repaired by itself.
    public static final class Irreparable extends WalException {
        private static final long serialVersionUID = 1L;

        /// @param file the file it is about
        /// @param why what stands in the way and what to do, as the predicate of a sentence
        public Irreparable(Path file, String why) {
            super(file + " " + why + "; nothing was changed");
        }
    }

    /// There is no log of this name.
    public static final class NoSuchLog extends WalException {
        private static final long serialVersionUID = 1L;

        public NoSuchLog(String logId, Path basePath) {
            super("there is no log '" + logId + "' in " + basePath
                    + ": check the name and the base path");
        }
    }

    /// A log id breaks the rules for names.
    public static final class IllegalLogId extends WalException {
        private static final long serialVersionUID = 1L;

        public IllegalLogId(String logId, String rule) {
            super("'" + logId + "' is not a log id: " + rule);
        }
    }

    /// The base path cannot hold logs.
    public static final class UnusablePath extends WalException {
        private static final long serialVersionUID = 1L;

        public UnusablePath(Path path, String why) {
            super(path + " cannot be used: " + why);
        }
    }

    /// Another writer has the log open.
    public static final class Locked extends WalException {
        private static final long serialVersionUID = 1L;
        private final long holderPid;

        /// @param directory the log's directory
        /// @param holderPid process id of the holder, 0 where it is not known
        public Locked(Path directory, long holderPid) {
            super("the log in " + directory + " is open for writing"
                    + (holderPid == 0 ? " elsewhere"
                            : holderPid == ProcessHandle.current().pid()
                                    ? " in this process already"
                                    : " in process " + holderPid)
                    + ": a log has one writer at a time");
            this.holderPid = holderPid;
        }

        public long holderPid() {
            return holderPid;
        }
    }

    /// An entry is larger than any fragment of this log can hold. Nothing was written.
    public static final class TooLarge extends WalException {
        private static final long serialVersionUID = 1L;
        private final long sizeBytes;
        private final long largestBytes;

        public TooLarge(long sizeBytes, long largestBytes) {
            this(sizeBytes, largestBytes, "");
        }

        /// An entry that is larger than what fits, by how much is not known yet.
        ///
        /// @param atLeastBytes what was seen of it
        public static TooLarge atLeast(long atLeastBytes, long largestBytes) {
            return new TooLarge(atLeastBytes, largestBytes, "at least ");
        }

        /// An atomic batch that one fragment does not take, empty as it is.
        ///
        /// @param entriesBytes bytes of the entries as they would lie in the file
        public static TooLarge batch(int entries, long entriesBytes) {
            return new TooLarge("an atomic batch of " + entries + " entries and " + entriesBytes
                    + " bytes does not fit a fragment: raise the fragment size, or split it",
                    entriesBytes, entriesBytes);
        }

        private TooLarge(long sizeBytes, long largestBytes, String howExact) {
            this("an entry of " + howExact + sizeBytes
                    + " bytes does not fit, the largest this log takes has " + largestBytes
                    + ": raise the fragment size, or split it", sizeBytes, largestBytes);
        }

        private TooLarge(String message, long sizeBytes, long largestBytes) {
            super(message);
            this.sizeBytes = sizeBytes;
            this.largestBytes = largestBytes;
        }

        public long sizeBytes() {
            return sizeBytes;
        }

        public long largestBytes() {
            return largestBytes;
        }
    }

    /// A limit on what may wait was reached. Nothing was written; try again later.
    public static final class Overloaded extends WalException {
        private static final long serialVersionUID = 1L;
        /// Where nobody knows how long it takes.
        private static final Duration UNKNOWN = Duration.ofMillis(10);
        private final Duration retryAfter;

        public Overloaded(String what) {
            this(what, UNKNOWN);
        }

        /// @param retryAfter when there may be room again
        public Overloaded(String what, Duration retryAfter) {
            super(what);
            this.retryAfter = retryAfter;
        }

        /// When there may be room again: a guess, from how fast the disk was of late, of at least a
        /// millisecond and at most a second.
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /// An operation was given up because someone asked for it. What it had moved by then is in the
    /// result beside this.
    public static final class Cancelled extends WalException {
        private static final long serialVersionUID = 1L;

        /// @param call what was to be done, named as in the manual page
        public Cancelled(String call, Path file) {
            super(call + " on " + file + " was cancelled before it was complete");
        }
    }

    /// An operation was given up because its time was over. What it had moved by then is in the
    /// result beside this.
    public static final class TimedOut extends WalException {
        private static final long serialVersionUID = 1L;

        /// @param call what was to be done, named as in the manual page
        public TimedOut(String call, Path file, Duration timeout) {
            super(call + " on " + file + " was not complete after " + timeout.toNanos() / 1e6
                    + " ms and was given up: look whether the disk is slow or stuck, or allow"
                    + " more time");
        }
    }

    /// The thing is closed. Nothing was written.
    public static final class Closed extends WalException {
        private static final long serialVersionUID = 1L;

        public Closed(String what) {
            super(what + " is closed");
        }
    }

    /// An earlier write or sync of this log failed, so it takes no more. Nothing was written.
    public static final class Poisoned extends WalException {
        private static final long serialVersionUID = 1L;

        /// What whoever appends is told once this has ended appending.
        public static WalException by(Throwable first) {
            return first instanceof Fenced fenced ? fenced : new Poisoned(first);
        }

        public Poisoned(Throwable first) {
            super("the log takes no more appends since a write or sync failed ("
                    + first.getMessage() + "): open it again once the cause is mended", first);
        }
    }

    /// A write or sync failed under this append: it may be in the log, or not.
    public static final class OutcomeUnknown extends WalException {
        private static final long serialVersionUID = 1L;

        /// The same of a truncation.
        public static OutcomeUnknown truncating(Throwable cause) {
            return new OutcomeUnknown("it is unknown whether the log was truncated, the disk failed"
                    + " under it (" + cause.getMessage() + "): open the log again, which completes"
                    + " what was begun, and look where it ends", cause);
        }

        private OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }

        public OutcomeUnknown(Throwable cause) {
            super("it is unknown whether the append is in the log, a write or sync failed"
                    + " under it (" + cause.getMessage() + "): open the log again and read"
                    + " its end", cause);
        }
    }

    /// A conditional append asks for an id that other bytes have, or that was trimmed. Nothing was
    /// written.
    public static final class Conflict extends WalException {
        private static final long serialVersionUID = 1L;
        private final long expectedId;
        private final long nextId;

        public Conflict(long expectedId, long nextId) {
            super("entry " + expectedId + " is in the log already and is not this one, or was"
                    + " trimmed; the next one will be " + nextId + ": read what is there, and"
                    + " append behind it");
            this.expectedId = expectedId;
            this.nextId = nextId;
        }

        public long expectedId() {
            return expectedId;
        }

        public long nextId() {
            return nextId;
        }
    }

    /// A conditional append came before those in front of it, and cannot wait for them, or not any
    /// longer. Nothing was written.
    public static final class OutOfOrder extends WalException {
        private static final long serialVersionUID = 1L;
        private final long expectedId;
        private final long nextId;

        public OutOfOrder(long expectedId, long nextId) {
            super("entry " + expectedId + " cannot be appended yet, the next one will be " + nextId
                    + ": append those in front of it first, or again if they are under way");
            this.expectedId = expectedId;
            this.nextId = nextId;
        }

        public long expectedId() {
            return expectedId;
        }

        public long nextId() {
            return nextId;
        }
    }

    /// A writer of a higher epoch has had the log, or has it. Nothing was written.
    public static final class Fenced extends WalException {
        private static final long serialVersionUID = 1L;
        private final long epoch;
        private final long currentEpoch;

        /// @param directory the log's directory
        /// @param epoch the writer's that is refused
        /// @param currentEpoch the highest there was
        public Fenced(Path directory, long epoch, long currentEpoch) {
            super("the log in " + directory + " belongs to a writer of epoch " + currentEpoch
                    + ", one of epoch " + epoch + " is fenced off: end it, its successor goes on");
            this.epoch = epoch;
            this.currentEpoch = currentEpoch;
        }

        public long epoch() {
            return epoch;
        }

        public long currentEpoch() {
            return currentEpoch;
        }
    }

    /// A request is about an entry that is not there any more.
    public static final class Trimmed extends WalException {
        private static final long serialVersionUID = 1L;
        private final long firstId;

        public Trimmed(long askedId, long firstId) {
            super("entry " + askedId + " was trimmed, the first entry still there is " + firstId);
            this.firstId = firstId;
        }

        public long firstId() {
            return firstId;
        }
    }

    /// A request is about an entry that was dropped from the end of the log; another one may have
    /// its id by now.
    public static final class Truncated extends WalException {
        private static final long serialVersionUID = 1L;
        private final long askedId;
        private final long nextId;

        /// @param askedId the entry that was asked for
        /// @param nextId the id that the log went on with when it was truncated
        public Truncated(long askedId, long nextId) {
            super("the log was truncated, and went on with entry " + nextId + ": entry " + askedId
                    + " is not the one it was; read again from entry " + nextId + " or before");
            this.askedId = askedId;
            this.nextId = nextId;
        }

        public long askedId() {
            return askedId;
        }

        public long nextId() {
            return nextId;
        }
    }

    /// A request names a floor that nobody has set.
    public static final class UnknownFloor extends WalException {
        private static final long serialVersionUID = 1L;
        private final String consumer;

        public UnknownFloor(String logId, String consumer) {
            super("consumer '" + consumer + "' has no floor in log '" + logId
                    + "': it was never set, or was removed");
            this.consumer = consumer;
        }

        public String consumer() {
            return consumer;
        }
    }

    /// A request is about an entry that does not exist yet.
    public static final class PastEnd extends WalException {
        private static final long serialVersionUID = 1L;
        private final long nextId;

        public PastEnd(long askedId, long nextId) {
            super("entry " + askedId + " does not exist yet, the next one will be " + nextId);
            this.nextId = nextId;
        }

        public long nextId() {
            return nextId;
        }
    }

    /// The disk has no room for the next fragment. Nothing was written; appends go on once there is
    /// room.
    public static final class DiskFull extends WalException {
        private static final long serialVersionUID = 1L;

        public DiskFull(Path directory, long neededBytes, Throwable cause) {
            super("no room for a new fragment of " + neededBytes + " bytes in " + directory
                    + ": make room on the disk, appends go on then", cause);
        }

        /// Not even for a file's new name.
        public DiskFull(Path directory, Throwable cause) {
            super("no room for a new name in " + directory + ", so nothing was changed: make room"
                    + " on the disk and try again", cause);
        }
    }

    /// This machine does not offer what was asked for.
    public static final class Unsupported extends WalException {
        private static final long serialVersionUID = 1L;

        public Unsupported(String what) {
            super(what);
        }
    }

    /// A transfer of a file opened for direct I/O has an offset, a length or a buffer that the file
    /// does not take. Nothing was read or written.
    public static final class Misaligned extends WalException {
        private static final long serialVersionUID = 1L;
        private final transient Path file;
        private final long offset;
        private final long lengthBytes;

        /// @param what what is asked of a transfer, as an end of the sentence
        public Misaligned(Path file, long offset, long lengthBytes, String what) {
            super(file + " is open for direct I/O and takes no transfer of " + lengthBytes
                    + " bytes at offset " + offset + ", " + what);
            this.file = file;
            this.offset = offset;
            this.lengthBytes = lengthBytes;
        }

        public Path file() {
            return file;
        }

        public long offset() {
            return offset;
        }

        public long lengthBytes() {
            return lengthBytes;
        }
    }

    /// A buffer of a pool was used against the rules: given back twice, used after it was given
    /// back, or written to outside its bounds. A defect of whoever held it.
    public static final class BufferMisuse extends WalException {
        private static final long serialVersionUID = 1L;
        private final String pool;
        private final int slot;

        /// @param pool the pool's name
        /// @param slot which of its buffers, -1 for one of its own
        /// @param what what was done, as the predicate of a sentence about the buffer
        public BufferMisuse(String pool, int slot, String what) {
            super((slot < 0 ? "a one-off buffer" : "slot " + slot) + " of buffer pool '" + pool
                    + "' " + what);
            this.pool = pool;
            this.slot = slot;
        }

        public String pool() {
            return pool;
        }

        public int slot() {
            return slot;
        }
    }

    /// Something happened that this software did not expect of itself.
    public static final class Defect extends WalException {
        private static final long serialVersionUID = 1L;

        public Defect(Throwable cause) {
            super("a defect of this software, please report it: " + cause, cause);
        }

        /// The cause itself where it is one of ours, else a defect around it.
        public static WalException orCause(Throwable cause) {
            return cause instanceof WalException ours ? ours : new Defect(cause);
        }
    }
}
