package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import java.util.ArrayDeque;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Lets the logs of a system share the disk: admits chains in the order they come, as long as not
/// too many bytes are under way. A log has one group under way at a time, so this order is also a
/// fair one, and what waits here is bounded by the number of logs.
public final class IoSchedulerActor extends AbstractMatchingBehavior<IoSchedulerActor.Command> {
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

    private record Ended(long bytes) implements Command {}

    /// The end of a chain.
    record Completed(IoResult result) implements NoSerializationVerificationNeeded {}

    private final IoScheduler scheduler;
    private final long inFlightBytesMax;
    private final ArrayDeque<Submit> waiting = new ArrayDeque<>();
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
            case Submit submit -> waiting.add(submit);
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
        while (taken && !waiting.isEmpty() && fits(waiting.peek())) {
            taken = start(waiting.peek());
            if (taken) {
                waiting.remove();
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
                submit.hold().end();
                submit.replyTo().tell(new Completed(result));
                self.tell(new Ended(bytes));
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

    private static void refuse(Submit submit, WalException cause) {
        submit.hold().abandon();
        submit.replyTo().tell(new Completed(new IoResult.Failed(0, 0, cause)));
    }

    private static WalException closed() {
        return new WalException.Closed("the way to the disk");
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            waiting.forEach(submit -> refuse(submit, closed()));
        }
        return this;
    }
}
