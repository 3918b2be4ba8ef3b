package io.duramen.wal.readme;

// #region credits
import io.duramen.wal.actors.AppendCredits;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Appends a thousand entries, as many at once as it has credit for.
final class CreditsExample extends AbstractMatchingBehavior<CreditsExample.Command> {
    sealed interface Command {}

    private record Credited(AppendCredits.Credit credit) implements Command {}

    private record Answered(Appended appended, Throwable failure) implements Command {}

    private static final int ENTRIES = 1000;
    private static final List<Payload> ENTRY = List.of(Payload.of("measured".getBytes()));

    private final ActorRef<AppendCredits.Command> credits;
    private final ActorRef<AppendCredits.Credit> self;
    private long creditBytes;
    private int sent;

    private CreditsExample(ActorContext<Command> context, WalLog log) {
        super(context);
        credits = context.spawn(AppendCredits.create(log, 64 << 10, 16), "credits");
        self = context.messageAdapter(AppendCredits.Credit.class, Credited::new);
        credits.tell(new AppendCredits.Register(self));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Credited(AppendCredits.Granted granted) -> {
                creditBytes += granted.bytes();
                sendAll();
            }
            case Credited(AppendCredits.Refused refused) -> throw refused.cause();
            case Answered(_, Throwable failure) when failure != null ->
                    throw new IllegalStateException(failure);
            case Answered(Appended appended, _) -> {
                if (appended.lastId() == ENTRIES - 1) {
                    System.out.println("all entries up to " + appended.lastId());
                    return Behaviors.stopped();
                }
            }
        }
        return this;
    }

    private void sendAll() {
        for (; sent < ENTRIES && AppendCredits.weightBytes(ENTRY) <= creditBytes; sent++) {
            creditBytes -= AppendCredits.weightBytes(ENTRY);
            getContext().askWithStatus(Appended.class, credits, Duration.ofMinutes(1),
                    replyTo -> new AppendCredits.Append(self, ENTRY, Durability.SYNCED, false,
                            replyTo),
                    Answered::new);
        }
    }

    public static void main(String[] args) {
        ActorSystem.create(Behaviors.<Command> setup(context -> new CreditsExample(context,
                Wal.get(context.getSystem()).log(LogId.of("metrics"), Path.of(args[0]),
                        LogSettings.defaults()))),
                "probes").getWhenTerminated().toCompletableFuture().join();
    }
}
// #endregion
