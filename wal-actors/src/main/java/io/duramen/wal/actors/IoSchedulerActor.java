package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Lets the logs of a system share the disk: not too many bytes are under way, and of what waits
/// the one goes next whose log was given the least.
///
/// That is start-time fair queueing: a chain's turn begins where its log's last one ended, in
/// bytes, but not before the turns of now. So a log that comes after a pause goes before one that
/// writes all the time, and is not paid back for the pause. A log has one group under way at a
/// time: what waits here is bounded by the number of logs.
public final class IoSchedulerActor extends AbstractMatchingBehavior<IoSchedulerActor.Command> {
    /// What a chain counts for beside its bytes: a sync has none, and is not free.
    private static final long CHAIN_BYTES = 4 << 10;

    public sealed interface Command extends NoSerializationVerificationNeeded {}

    /// Executes a chain and answers exactly once.
    ///
    /// @param hold what the chain holds until it has ended
    record Submit(IoChain chain, WriteHold hold, ActorRef<Completed> replyTo)
            implements Command {
        long sizeBytes() {
            return chain.operations().stream().mapToLong(IoOperation::sizeBytes).sum();
        }
    }

    /// A chain that waits.
    ///
    /// @param turn where its turn begins
    /// @param number of its arrival, for those whose turns begin at the same place
    private record Waiting(long turn, long number, Submit submit) {}

    private record Ended(long bytes) implements Command {}

    /// The end of a chain.
    record Completed(IoResult result) implements NoSerializationVerificationNeeded {}

    private final IoScheduler scheduler;
    private final long inFlightBytesMax;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(
            Comparator.comparingLong(Waiting::turn).thenComparingLong(Waiting::number));
    private long turnNow;
    private long arrived;
    private long inFlightBytes;
    private int inFlightChains;

    /// @param inFlightBytesMax bytes under way at the most; a single larger chain goes alone
    static Behavior<Command> create(IoScheduler scheduler, long inFlightBytesMax) {
        return Behaviors
                .setup(context -> new IoSchedulerActor(context, scheduler, inFlightBytesMax));
    }

    private IoSchedulerActor(ActorContext<Command> context, IoScheduler scheduler,
            long inFlightBytesMax) {
        super(context);
        this.scheduler = scheduler;
        this.inFlightBytesMax = inFlightBytesMax;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Submit submit -> waiting.add(new Waiting(
                    submit.hold().turn(turnNow, submit.sizeBytes() + CHAIN_BYTES), arrived++,
                    submit));
            case Ended ended -> {
                inFlightBytes -= ended.bytes();
                inFlightChains--;
            }
        }
        admit();
        return this;
    }

    private void admit() {
        boolean taken = true;
        while (taken && !waiting.isEmpty() && fits(waiting.peek().submit())) {
            taken = start(waiting.peek().submit());
            if (taken) {
                turnNow = waiting.remove().turn();
            }
        }
    }

    private boolean fits(Submit submit) {
        return inFlightBytes == 0 || inFlightBytes + submit.sizeBytes() <= inFlightBytesMax;
    }

    /// @return false where the scheduler takes no more until a chain of ours has ended
    private boolean start(Submit submit) {
        if (!submit.hold().begin()) {
            refuse(submit, closed());
            return true;
        }
        long bytes = submit.sizeBytes();
        ActorRef<Command> self = getContext().getSelf();
        try {
            scheduler.submit(submit.chain(), result -> {
                try {
                    submit.hold().end();
                } finally {
                    submit.replyTo().tell(new Completed(result));
                    self.tell(new Ended(bytes));
                }
            });
            inFlightBytes += bytes;
            inFlightChains++;
            return true;
        } catch (RuntimeException refused) {
            submit.hold().postpone();
            if (refused instanceof WalException.Overloaded && inFlightChains > 0) {
                return false;
            }
            refuse(submit, WalException.Defect.orCause(refused));
            return true;
        }
    }

    /// One buffer that cannot be given back is not to end what all logs need.
    private void refuse(Submit submit, WalException cause) {
        try {
            submit.hold().abandon();
        } catch (RuntimeException mistake) {
            getContext().getLog().error("a buffer could not be given back", mistake);
        }
        submit.replyTo().tell(new Completed(new IoResult.Failed(0, 0, cause)));
    }

    private static WalException closed() {
        return new WalException.Closed("the way to the disk");
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            waiting.forEach(one -> refuse(one.submit(), closed()));
        }
        return this;
    }
}
