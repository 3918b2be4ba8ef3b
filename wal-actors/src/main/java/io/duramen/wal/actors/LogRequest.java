package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.TrimOutcome;
import io.duramen.wal.log.TrimRule;
import io.duramen.wal.log.TruncateOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/// What may be asked of a log, whatever serves it: a writer ([LogActor]) or a view of a log that
/// someone else writes ([ViewActor]). Messages stay inside one process: they carry memory.
public sealed interface LogRequest
        extends LogActor.Command, ViewActor.Command, NoSerializationVerificationNeeded {
    /// Appends entries in their order, with consecutive ids; entries of other appends never come
    /// between. An atomic append is in the log whole or not at all after a crash, and must fit a
    /// fragment; another one may be there in part, from its first entry on. It gets exactly one
    /// [AppendAnswer], unless the actor has stopped before it is received: who must know watches
    /// the actor. The payloads' bytes stay unchanged until then.
    ///
    /// @param payloads one for each entry, at least one
    record Append(List<Payload> payloads, Durability durability, boolean atomic,
            ActorRef<AppendAnswer> replyTo) implements LogRequest {
        public Append {
            requireOne(payloads);
        }

        static void requireOne(List<Payload> payloads) {
            if (payloads.isEmpty()) {
                throw new IllegalArgumentException("an append holds at least one entry");
            }
        }

        /// An append that is not atomic.
        public Append(List<Payload> payloads, Durability durability,
                ActorRef<AppendAnswer> replyTo) {
            this(payloads, durability, false, replyTo);
        }

        /// What it counts against the limit on what may wait: its bytes as they will be written, so
        /// that an empty entry weighs something too.
        long weightBytes() {
            return OpenGroup.entriesBytes(payloads);
        }
    }

    /// Appends entries if the first one gets this id, as an atomic append where they are several.
    /// Where the log has the same bytes there already nothing is appended, and the answer is
    /// [Duplicate], once they are on the device: so an append whose answer was lost can be sent
    /// again. Where it has others the answer is [NotWritten] with a [WalException.Conflict]. One
    /// that comes before its turn waits in the reorder window, where the settings have one; else,
    /// and when it has waited too long, the answer is [NotWritten] with a
    /// [WalException.OutOfOrder].
    ///
    /// @param expectedId the first entry's, 0 or more
    /// @param payloads one for each entry, at least one
    record AppendAt(long expectedId, List<Payload> payloads, Durability durability,
            ActorRef<AppendAnswer> replyTo) implements LogRequest {
        public AppendAt {
            if (expectedId < 0 || expectedId > Long.MAX_VALUE - payloads.size()) {
                throw new IllegalArgumentException("no entry id: " + expectedId);
            }
            if (payloads.isEmpty()) {
                throw new IllegalArgumentException("an append holds at least one entry");
            }
        }

        long lastId() {
            return expectedId + payloads.size() - 1;
        }

        /// The same without its condition.
        Append append() {
            return new Append(payloads, durability, payloads.size() > 1, replyTo);
        }
    }

    /// Asks for a lease on the fragment that holds an entry. The lease comes through `slot`, so
    /// that it finds its way back when the asker has gone; the answer says when it is there.
    record Lend(long entryId, LeaseSlot slot, ActorRef<ReadAnswer> replyTo) implements LogRequest {
        public Lend {
            if (entryId < 0) {
                throw new IllegalArgumentException("no entry id: " + entryId);
            }
        }
    }

    /// Asks to be told, once, when an entry may be read.
    record AwaitVisible(long entryId, ActorRef<ReadAnswer> replyTo) implements LogRequest {
        /// In place of an id: tell at once.
        public static final long NOW = -1;
    }

    /// Asks for the first visible entry whose time is not before this one; answered with [Found].
    record FindTime(Instant time, ActorRef<ReadAnswer> replyTo) implements LogRequest {}

    /// Asks to be told when all appends received before are answered and on the device.
    record Sync(ActorRef<StatusReply<Done>> replyTo) implements LogRequest {}

    /// Lets the log go on in another fragment; answered when that is there, with false where the
    /// one that grows is empty. Appends that are answered before stay in the one before, which is
    /// sealed in the background.
    record Rotate(ActorRef<StatusReply<Boolean>> replyTo) implements LogRequest {}

    /// Drops entries from the head of the log, as far as they share no fragment with one that
    /// stays, no floor is in the way, and they are not in the fragment that grows. Answered when it
    /// is on the device.
    record Trim(TrimRule rule, ActorRef<StatusReply<TrimOutcome>> replyTo) implements LogRequest {}

    /// Drops every entry behind one of them, for good; their ids are given again. What was received
    /// before is completed first, what comes meanwhile waits. Answered when it is on the device.
    /// Readers learn of it by [WalLog#watchTruncations()]. Where it is refused nothing has changed;
    /// with a [WalException.OutcomeUnknown] the log takes no more until [Reopen] tells.
    ///
    /// @param lastId the entry that is to be the last one; the one in front of the first there is
    ///     drops all, -1 for a log that starts with 0
    record Truncate(long lastId, ActorRef<StatusReply<TruncateOutcome>> replyTo)
            implements LogRequest {
        public Truncate {
            if (lastId < -1) {
                throw new IllegalArgumentException("no entry id: " + lastId);
            }
        }
    }

    /// Says that a writer of a higher epoch is about to open the log. What was received before is
    /// completed; what comes from now on is refused with [WalException.Fenced]. Answered when the
    /// log has been given back.
    record Fence(long epoch, ActorRef<StatusReply<Done>> replyTo) implements LogRequest {}

    /// Sets, raises or removes a consumer's floor, which holds back every trim.
    record ChangeFloor(FloorChange change, ActorRef<StatusReply<Done>> replyTo)
            implements LogRequest {}

    /// Opens a log again, with recovery, that is poisoned or could not be opened; answered when it
    /// is open. Where nothing is wrong with the log it is answered at once. Nobody but whoever
    /// sends this opens such a log again.
    record Reopen(ActorRef<StatusReply<LogInfo>> replyTo) implements LogRequest {}

    /// Asks for the log's state. While a log rests, it is the state it was left in.
    record Describe(ActorRef<StatusReply<LogInfo>> replyTo) implements LogRequest {}

    /// Completes what was accepted, syncs, and gives the log back; the actor stops then.
    record Close(ActorRef<Done> replyTo) implements LogRequest {}

    /// How an append ended.
    sealed interface AppendAnswer extends NoSerializationVerificationNeeded {}

    /// All entries are as durable as asked.
    record Acknowledged(Appended appended) implements AppendAnswer {}

    /// The answer to an [AppendAt] whose entries were in the log already, and are on the device.
    record Duplicate(Appended appended) implements AppendAnswer {}

    /// Too much waits for the disk, in this log or in all of them. Nothing was written; ask again
    /// later.
    ///
    /// @param retryAfter when there may be room again, from how fast the log was of late; from a
    ///     millisecond to a second
    record Overloaded(long pendingBytes, long limitBytes, Duration retryAfter)
            implements AppendAnswer {
        /// The same, for whoever throws it.
        public WalException.Overloaded cause() {
            return new WalException.Overloaded(pendingBytes + " bytes wait for the disk, the limit"
                    + " is " + limitBytes + ": nothing was written, append again later",
                    retryAfter);
        }
    }

    /// Nothing was written.
    record NotWritten(WalException cause) implements AppendAnswer {}

    /// A write or sync failed under it: its entries may be in the log, or some of them from the
    /// first on, or none.
    record Unknown(WalException cause) implements AppendAnswer {}

    /// How a request to read ended.
    sealed interface ReadAnswer extends NoSerializationVerificationNeeded {}

    /// The lease lies in the request's slot.
    ///
    /// @param visibleId highest id that may be read now
    record Lent(FragmentLease lease, long visibleId) implements ReadAnswer {}

    /// How far the log may be read now.
    ///
    /// @param firstId the first entry there is
    /// @param visibleId highest id that may be read; one less than `firstId` where there is none
    record Visible(long firstId, long visibleId) implements ReadAnswer {}

    /// Where a time begins.
    ///
    /// @param entryId the first entry of this time or later; the id after the last visible one
    ///     where there is none
    record Found(long entryId) implements ReadAnswer {}

    /// The entry cannot be read: it is trimmed, lies too far ahead, or its fragment is damaged.
    record ReadFailed(WalException cause) implements ReadAnswer {}
}
