package dev.pointsman.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The JSON fields of an SDK's type and of all that it holds, as {@code FieldTable} names them. A
 * kind of a union is told by the value of its field {@code type}. A type within itself ends the
 * path.
 */
final class SdkFields {

    private final Set<String> paths = new TreeSet<>();
    private final Set<Class<?>> open = new HashSet<>();

    private SdkFields() {}

    static Set<String> of(Class<?> root) {
        SdkFields fields = new SdkFields();
        fields.object(root, "");
        return fields.paths;
    }

    /** The same below a field. */
    static Set<String> of(Class<?> type, String path) {
        SdkFields fields = new SdkFields();
        fields.value(type, path);
        return fields.paths;
    }

    private void value(Type type, String path) {
        if (type instanceof ParameterizedType some) {
            Class<?> raw = (Class<?>) some.getRawType();
            boolean holds =
                    List.class.isAssignableFrom(raw)
                            || Optional.class == raw
                            || raw.getSimpleName().equals("JsonField");
            if (holds) {
                value(some.getActualTypeArguments()[0], path);
            } else {
                paths.add(path);
            }
        } else if (type instanceof Class<?> plain && isModel(plain)) {
            model(plain, path);
        } else {
            paths.add(path);
        }
    }

    private static boolean isModel(Class<?> type) {
        String name = type.getName();
        return name.contains(".models.") || name.startsWith("com.google.genai.types.");
    }

    private void model(Class<?> type, String path) {
        if (!open.add(type)) {
            return;
        }
        Optional<Class<?>> visitor =
                Arrays.stream(type.getDeclaredClasses())
                        .filter(inner -> inner.getSimpleName().equals("Visitor"))
                        .findFirst()
                        .map(found -> found);
        if (visitor.isPresent() && visitor.get().isInterface()) {
            for (Method method : visitor.get().getMethods()) {
                if (method.getName().startsWith("visit")) {
                    variant(method, path);
                }
            }
        } else if (path.endsWith(")")) {
            object(type, path);
        } else {
            List<String> kinds = kinds(type);
            object(type, kinds.isEmpty() ? path : path + "(" + kinds.getFirst() + ")");
        }
        open.remove(type);
    }

    private void variant(Method method, String path) {
        Type type = method.getGenericParameterTypes()[0];
        if (!(type instanceof Class<?> plain)) {
            value(type, path);
        } else if (plain.getSimpleName().equals("JsonValue")) {
            String name = method.getName().substring("visit".length());
            paths.add(
                    path
                            + "("
                            + name.replaceAll("(?<=.)(?=[A-Z])", "_").toLowerCase(Locale.ROOT)
                            + ")");
        } else {
            List<String> kinds = isModel(plain) ? kinds(plain) : List.of();
            if (kinds.isEmpty()) {
                value(plain, path);
            }
            kinds.forEach(kind -> value(plain, path + "(" + kind + ")"));
        }
    }

    private static List<String> kinds(Class<?> type) {
        try {
            Method method = type.getMethod("_type");
            if (method.getReturnType().getSimpleName().equals("JsonValue")) {
                Object builder = type.getMethod("builder").invoke(null);
                Field constant = builder.getClass().getDeclaredField("type");
                constant.setAccessible(true);
                Object value = constant.get(builder);
                Object text = value.getClass().getMethod("asString").invoke(value);
                return ((Optional<?>) text).map(kind -> List.of((String) kind)).orElse(List.of());
            }
            Type named =
                    ((ParameterizedType) method.getGenericReturnType()).getActualTypeArguments()[0];
            return constants((Class<?>) named);
        } catch (NoSuchMethodException | NoSuchFieldException e) {
            return List.of();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    private static List<String> constants(Class<?> named) throws ReflectiveOperationException {
        List<String> values = new ArrayList<>();
        for (Field field : named.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == named) {
                values.add((String) named.getMethod("asString").invoke(field.get(null)));
            }
        }
        return values;
    }

    private void object(Class<?> type, String path) {
        boolean leaf = true;
        for (Method method : type.getDeclaredMethods()) {
            JsonProperty property = method.getAnnotation(JsonProperty.class);
            if (property == null || method.getParameterCount() > 0) {
                continue;
            }
            leaf = false;
            boolean constant = method.getReturnType().getSimpleName().equals("JsonValue");
            boolean isKind = property.value().equals("type") && !kinds(type).isEmpty();
            if (!constant && !isKind && !method.toGenericString().contains("reflect.Method")) {
                String dot = path.isEmpty() ? "" : path + ".";
                value(method.getGenericReturnType(), dot + property.value());
            }
        }
        if (leaf) {
            paths.add(path);
        }
    }

    /** Paths below several fields. */
    static Set<String> all(Map<String, Class<?>> fields) {
        Set<String> all = new TreeSet<>();
        fields.forEach((path, type) -> all.addAll(of(type, path)));
        return all;
    }
}
