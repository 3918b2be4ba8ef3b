package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/// Back-pressure for actors that append: a producer registers, is granted a credit in bytes, and
/// appends as long as it has some; the credit that an append has used comes back with its answer.
/// Who keeps to its credit is never answered with an overload by the log, where no one else appends
/// to it and all logs together have room.
///
/// All credits together are bounded, every producer has the same, and one that stops gives back its
/// own. An actor of the caller's: spawn it where its producers are, one for each log.
public final class AppendCredits extends AbstractMatchingBehavior<AppendCredits.Command> {
    /// What producers send.
    public sealed interface Command extends NoSerializationVerificationNeeded {}

    /// Asks for a credit, answered with [Granted], or with [Refused] where there are too many
    /// producers. A producer that is registered and asks again is refused.
    public record Register(ActorRef<Credit> producer) implements Command {}

    /// Appends entries, which uses as much credit as they take in the log, headers included; see
    /// [#weightBytes(List)]. Answered once, as a call of [WalLog]; without enough credit with
    /// [WalException.Overloaded], or [WalException.TooLarge] where it is more than a whole credit,
    /// and nothing is written.
    ///
    /// @param producer as it was registered
    /// @param payloads one for each entry, at least one; their bytes stay unchanged until
    ///     the answer
    /// @param atomic whole or not at all after a crash
    public record Append(ActorRef<Credit> producer, List<Payload> payloads, Durability durability,
            boolean atomic, ActorRef<StatusReply<Appended>> replyTo) implements Command {
        public Append {
            payloads = List.copyOf(payloads);
            LogRequest.Append.requireOne(payloads);
            Objects.requireNonNull(durability);
        }
    }

    /// Gives the credit back, as the end of the producer does.
    public record Unregister(ActorRef<Credit> producer) implements Command {}

    private record Answered(Append append, long bytes, Appended appended, Throwable failure)
            implements Command {}

    /// What producers are sent.
    public sealed interface Credit extends NoSerializationVerificationNeeded {}

    /// So many more bytes may be appended: first the whole credit, then what answers give back.
    public record Granted(long bytes, ActorRef<Command> sendTo) implements Credit {}

    /// There is no credit for this producer.
    public record Refused(WalException cause) implements Credit {}

    private final WalLog log;
    private final CreditLedger<ActorRef<Credit>> ledger;

    /// @param totalBytes of all credits together; at most the log's `pending-bytes-max`
    /// @param producersMax each gets this part of it, at least a byte: choose it so that the
    ///     largest append fits
    public static Behavior<Command> create(WalLog log, long totalBytes, int producersMax) {
        CreditLedger<ActorRef<Credit>> ledger = new CreditLedger<>(totalBytes, producersMax);
        return Behaviors.setup(context -> new AppendCredits(context, log, ledger));
    }

    /// The credit that an append of these entries uses, in bytes.
    public static long weightBytes(List<Payload> payloads) {
        return OpenGroup.entriesBytes(payloads);
    }

    private AppendCredits(ActorContext<Command> context, WalLog log,
            CreditLedger<ActorRef<Credit>> ledger) {
        super(context);
        this.log = log;
        this.ledger = ledger;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Register register -> onRegister(register.producer());
            case Append append -> onAppend(append);
            case Answered answered -> onAnswered(answered);
            case Unregister leaving -> {
                getContext().unwatch(leaving.producer());
                ledger.leave(leaving.producer());
            }
        }
        return this;
    }

    private void onRegister(ActorRef<Credit> producer) {
        if (ledger.register(producer)) {
            getContext().watchWith(producer, new Unregister(producer));
            producer.tell(new Granted(ledger.creditBytes(), getContext().getSelf()));
        } else {
            producer.tell(new Refused(new WalException.Overloaded("log " + log.id() + " has "
                    + ledger.producersMax() + " producers with a credit, or this one has one:"
                    + " register again when one has ended")));
        }
    }

    private void onAppend(Append append) {
        long bytes = weightBytes(append.payloads());
        if (bytes > ledger.creditBytes()) {
            refuse(append, WalException.TooLarge.batch(append.payloads().size(), bytes));
        } else if (!ledger.spend(append.producer(), bytes)) {
            refuse(append, new WalException.Overloaded("an append of " + bytes
                    + " bytes is more than its producer has credit for: nothing was written, wait"
                    + " until enough was granted"));
        } else {
            getContext().pipeToSelf(append.atomic()
                    ? log.appendBatch(append.payloads(), append.durability())
                    : log.appendAll(append.payloads(), append.durability()),
                    (appended, failure) -> new Answered(append, bytes, appended, failure));
        }
    }

    private static void refuse(Append append, Throwable cause) {
        append.replyTo().tell(StatusReply.error(cause));
    }

    private void onAnswered(Answered answered) {
        Append append = answered.append();
        if (answered.failure() == null) {
            append.replyTo().tell(StatusReply.success(answered.appended()));
        } else {
            refuse(append, Causes.of(answered.failure()));
        }
        if (ledger.giveBack(append.producer(), answered.bytes())) {
            append.producer().tell(new Granted(answered.bytes(), getContext().getSelf()));
        }
    }
}
