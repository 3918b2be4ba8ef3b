package io.duramen.wal.benchmarks.harness;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.Map;

/// The parameters of a case, in the order in which tables show them. Immutable.
///
/// @param values as [Parameter] describes them
public record Parameters(@JsonValue Map<Parameter, String> values) {
    @JsonCreator
    public Parameters {
        EnumMap<Parameter, String> copy = new EnumMap<>(Parameter.class);
        copy.putAll(values);
        values = copy;
    }

    public static Parameters none() {
        return new Parameters(Map.of());
    }

    public Parameters with(Parameter parameter, Object value) {
        EnumMap<Parameter, String> copy = new EnumMap<>(Parameter.class);
        copy.putAll(values);
        copy.put(parameter, value.toString());
        return new Parameters(copy);
    }

    public boolean has(Parameter parameter) {
        return values.containsKey(parameter);
    }

    public boolean is(Parameter parameter, String value) {
        return value.equals(values.get(parameter));
    }

    public String text(Parameter parameter, String otherwise) {
        return values.getOrDefault(parameter, otherwise);
    }

    public long number(Parameter parameter) {
        String value = values.get(parameter);
        if (value == null) {
            throw new IllegalArgumentException("the case does not say its " + parameter.label());
        }
        return Long.parseLong(value);
    }

    public long number(Parameter parameter, long otherwise) {
        return has(parameter) ? number(parameter) : otherwise;
    }

    public int payloadBytes() {
        return Math.toIntExact(number(Parameter.PAYLOAD));
    }

    /// True where an answer promises that the entry is on the device.
    public boolean isSynced() {
        return switch (text(Parameter.DURABILITY, "missing")) {
            case "synced" -> true;
            case "written" -> false;
            case String other -> throw new IllegalArgumentException(
                    "durability [" + other + "] must be written or synced");
        };
    }
}
