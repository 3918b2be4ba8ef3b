package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTest {
    @TempDir
    Path directory;

    private Descriptor descriptor;

    @BeforeEach
    void open() {
        descriptor = Descriptor.open(directory.resolve("file"),
                FileCalls.O_RDWR | FileCalls.O_CREAT, 0600);
    }

    @Test
    void who_listens_is_called_once_when_it_is_closed_and_unused() {
        AtomicInteger calls = new AtomicInteger();
        descriptor.use();
        descriptor.addCloseListener(calls::incrementAndGet);
        descriptor.close();
        assertThat(calls).hasValue(0);
        descriptor.endUse();
        assertThat(calls).hasValue(1);
        descriptor.close();
        assertThat(calls).hasValue(1);
    }

    @Test
    void the_descriptor_is_still_open_when_listeners_are_called() {
        AtomicInteger result = new AtomicInteger(1);
        descriptor.use();
        int number = descriptor.number();
        descriptor.addCloseListener(() -> result.set(FileCalls.fdatasync(number)));
        descriptor.endUse();
        descriptor.close();
        assertThat(result).hasValue(0);
    }

    @Test
    void who_listens_no_more_is_not_called() {
        AtomicInteger calls = new AtomicInteger();
        Runnable listener = calls::incrementAndGet;
        descriptor.use();
        descriptor.addCloseListener(listener);
        descriptor.addCloseListener(() -> calls.addAndGet(10));
        descriptor.endUse();
        descriptor.removeCloseListener(listener);
        descriptor.close();
        assertThat(calls).hasValue(10);
    }
}
