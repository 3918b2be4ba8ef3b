package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendCreditsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<Payload> ENTRY = LogWorld.payloads(1, 100);
    private static final long ENTRY_BYTES = AppendCredits.weightBytes(ENTRY);
    /// Of each of two producers.
    private static final long CREDIT = 4 * ENTRY_BYTES;

    @TempDir
    Path base;

    private ActorTestKit kit;
    private WalLog log;
    private ActorRef<AppendCredits.Command> credits;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create("credits", ConfigFactory
                .parseString("duramen.wal.base-path = \"" + base + "\"\n"
                        + "duramen.wal.log.fragment-size = 64 KiB")
                .withFallback(ConfigFactory.load()));
        log = Wal.get(kit.system()).log("orders");
        credits = kit.spawn(AppendCredits.create(log, 2 * CREDIT, 2));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private TestProbe<AppendCredits.Credit> producer() {
        TestProbe<AppendCredits.Credit> producer = kit.createTestProbe();
        credits.tell(new AppendCredits.Register(producer.ref()));
        return producer;
    }

    private TestProbe<AppendCredits.Credit> granted() {
        TestProbe<AppendCredits.Credit> producer = producer();
        assertThat(producer.receiveMessage(LONG))
                .isEqualTo(new AppendCredits.Granted(CREDIT, credits));
        return producer;
    }

    private void append(TestProbe<AppendCredits.Credit> producer, List<Payload> payloads,
            TestProbe<StatusReply<Appended>> answers) {
        credits.tell(new AppendCredits.Append(producer.ref(), payloads, Durability.SYNCED,
                payloads.size() > 1, answers.ref()));
    }

    @Test
    void what_an_append_has_used_comes_back_with_its_answer() {
        TestProbe<AppendCredits.Credit> producer = granted();
        TestProbe<StatusReply<Appended>> answers = kit.createTestProbe();
        append(producer, ENTRY, answers);
        append(producer, LogWorld.payloads(3, 100), answers);
        assertThat(answers.receiveMessage(LONG).getValue().firstId()).isZero();
        assertThat(answers.receiveMessage(LONG).getValue().lastId()).isEqualTo(3);
        assertThat(producer.receiveSeveralMessages(2, LONG)).containsExactlyInAnyOrder(
                new AppendCredits.Granted(ENTRY_BYTES, credits),
                new AppendCredits.Granted(3 * ENTRY_BYTES, credits));
    }

    @Test
    void an_append_of_nothing_is_refused_where_it_is_made() {
        TestProbe<AppendCredits.Credit> producer = granted();
        TestProbe<StatusReply<Appended>> answers = kit.createTestProbe();
        assertThatThrownBy(() -> append(producer, List.of(), answers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an append holds at least one entry");
        append(producer, ENTRY, answers);
        assertThat(answers.receiveMessage(LONG).isSuccess()).isTrue();
    }

    @Test
    void an_append_without_credit_is_refused_and_uses_none() {
        TestProbe<AppendCredits.Credit> producer = granted();
        TestProbe<StatusReply<Appended>> answers = kit.createTestProbe();
        append(producer, LogWorld.payloads(5, 100), answers);
        assertThat(answers.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.TooLarge.class);
        append(kit.createTestProbe(), ENTRY, answers);
        assertThat(answers.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Overloaded.class);
        append(producer, LogWorld.payloads(4, 100), answers);
        assertThat(answers.receiveMessage(LONG).isSuccess()).isTrue();
    }

    @Test
    void one_producer_too_many_is_refused_until_another_has_ended() {
        TestProbe<AppendCredits.Credit> first = granted();
        granted();
        assertThat(producer().receiveMessage(LONG)).isInstanceOf(AppendCredits.Refused.class);
        first.stop();
        kit.<AppendCredits.Credit> createTestProbe().awaitAssert(LONG, Duration.ofMillis(5),
                () -> {
                    assertThat(producer().receiveMessage(LONG))
                            .isInstanceOf(AppendCredits.Granted.class);
                    return null;
                });
    }

    @Test
    void a_failed_append_gives_its_credit_back() throws Exception {
        TestProbe<AppendCredits.Credit> producer = granted();
        Wal.get(kit.system()).close(log).toCompletableFuture().get();
        TestProbe<StatusReply<Appended>> answers = kit.createTestProbe();
        append(producer, ENTRY, answers);
        assertThat(answers.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Closed.class);
        assertThat(producer.receiveMessage(LONG))
                .isEqualTo(new AppendCredits.Granted(ENTRY_BYTES, credits));
        credits.tell(new AppendCredits.Unregister(producer.ref()));
        append(producer, ENTRY, answers);
        assertThat(answers.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Overloaded.class);
    }
}
