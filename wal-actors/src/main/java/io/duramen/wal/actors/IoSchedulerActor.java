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
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Lets the logs of a system share the disk: admits chains in the order they come, as long as not
/// too many bytes are under way. A log has one group under way at a time, so this order is also a
/// fair one, and what waits here is bounded by the number of logs.
public final class IoSchedulerActor extends AbstractMatchingBehavior<IoSchedulerActor.Command> {
    public sealed interface Command extends NoSerializationVerificationNeeded {}

    /// Executes a chain and answers exactly once.
    public record Submit(IoChain chain, ActorRef<Completed> replyTo) implements Command {
        long sizeBytes() {
            return chain.operations().stream().mapToLong(IoOperation::sizeBytes).sum();
        }
    }

    private record Released(long bytes) implements Command {}

    /// The end of a chain.
    public record Completed(IoResult result) implements NoSerializationVerificationNeeded {}

    private final IoScheduler scheduler;
    private final long inFlightBytesMax;
    private final ArrayDeque<Submit> waiting = new ArrayDeque<>();
    private long inFlightBytes;

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
            case Released released -> inFlightBytes -= released.bytes();
        }
        admit();
        return this;
    }

    private void admit() {
        while (!waiting.isEmpty()
                && (inFlightBytes == 0
                        || inFlightBytes + waiting.peek().sizeBytes() <= inFlightBytesMax)) {
            start(waiting.poll());
        }
    }

    private void start(Submit submit) {
        long bytes = submit.sizeBytes();
        ActorRef<Command> self = getContext().getSelf();
        try {
            scheduler.submit(submit.chain(), result -> {
                submit.replyTo().tell(new Completed(result));
                self.tell(new Released(bytes));
            });
            inFlightBytes += bytes;
        } catch (WalException refused) {
            submit.replyTo().tell(new Completed(new IoResult.Failed(0, 0, refused)));
        }
    }
}
