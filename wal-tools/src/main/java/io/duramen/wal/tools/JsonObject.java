package io.duramen.wal.tools;

import java.util.List;
import java.util.stream.Collectors;

/// A JSON object that is being written, on one line.
final class JsonObject {
    private final StringBuilder text = new StringBuilder("{");

    JsonObject put(String name, CharSequence value) {
        quote(name(name), value);
        return this;
    }

    JsonObject put(String name, long value) {
        name(name).append(value);
        return this;
    }

    JsonObject put(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    JsonObject put(String name, JsonObject value) {
        name(name).append(value);
        return this;
    }

    JsonObject putObjects(String name, List<JsonObject> values) {
        name(name).append(values.stream().map(JsonObject::toString)
                .collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    JsonObject putTexts(String name, List<String> values) {
        name(name).append(values.stream().map(value -> quote(new StringBuilder(), value))
                .collect(Collectors.joining(",", "[", "]")));
        return this;
    }

    private StringBuilder name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        return quote(text, name).append(':');
    }

    private static StringBuilder quote(StringBuilder to, CharSequence value) {
        to.append('"');
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            switch (character) {
                case '"', '\\' -> to.append('\\').append(character);
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                case '\t' -> to.append("\\t");
                default -> {
                    if (character < ' ' || character == 0x7f) {
                        to.append("\\u00").append(Character.forDigit(character >> 4, 16))
                                .append(Character.forDigit(character & 15, 16));
                    } else {
                        to.append(character);
                    }
                }
            }
        }
        return to.append('"');
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
