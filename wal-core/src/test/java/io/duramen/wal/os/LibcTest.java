package io.duramen.wal.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LibcTest {
    @Test
    void a_missing_function_is_named_when_it_is_called() {
        MethodHandle missing = Libc.function("no_such_function",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
        assertThatThrownBy(() -> {
            long _ = (long) missing.invokeExact(Libc.callState(), 1);
        }).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("'no_such_function'");
        assertThat(Libc.has("no_such_function")).isFalse();
        assertThat(Libc.has("pwrite")).isTrue();
    }

    @Test
    void only_64_bit_linux_on_known_processors_is_supported() {
        assertThat(Platform.isSupported("Linux", "amd64", ByteOrder.LITTLE_ENDIAN)).isTrue();
        assertThat(Platform.isSupported("Linux", "aarch64", ByteOrder.LITTLE_ENDIAN)).isTrue();
        assertThat(Platform.isSupported("Linux", "s390x", ByteOrder.BIG_ENDIAN)).isFalse();
        assertThat(Platform.isSupported("Mac OS X", "aarch64", ByteOrder.LITTLE_ENDIAN)).isFalse();
        assertThat(Platform.isSupported("Windows 11", "amd64", ByteOrder.LITTLE_ENDIAN)).isFalse();
    }
}
