package io.duramen.wal.benchmarks.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;

/// Values as JSON, one line each.
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper().registerModule(new SimpleModule()
            .addSerializer(Duration.class, ToStringSerializer.instance)
            .addDeserializer(Duration.class, new DurationText()));

    private Json() {}

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException ours) {
            throw new IllegalArgumentException(ours);
        }
    }

    /// @throws IllegalArgumentException when the text does not say such a value
    public static <T> T read(String text, Class<T> type) {
        try {
            return MAPPER.readValue(text, type);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(
                    "not a " + type.getSimpleName() + ": " + broken.getOriginalMessage(), broken);
        }
    }

    /// `PT1.5S`.
    @SuppressWarnings("serial") // nobody serializes a deserializer
    private static final class DurationText
            extends com.fasterxml.jackson.databind.deser.std.FromStringDeserializer<Duration> {
        DurationText() {
            super(Duration.class);
        }

        @Override
        protected Duration _deserialize(String value,
                com.fasterxml.jackson.databind.DeserializationContext context) {
            return Duration.parse(value);
        }
    }
}
