package prior.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Builds records from configuration: a component {@code maxGradNorm} of the record at {@code train}
 * is the key {@code train.max_grad_norm}. Problems are gathered; a record with any is null.
 */
final class RecordBinder {
  private final Config config;
  private final List<String> problems = new ArrayList<>();

  RecordBinder(Config config) {
    this.config = config;
  }

  List<String> problems() {
    return problems;
  }

  /** The keys below a path that a record reads. */
  static Set<String> keys(String path, Class<? extends Record> type) {
    Set<String> keys = new LinkedHashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = key(path, component);
      if (component.getType().isRecord()) {
        keys.addAll(keys(key, component.getType().asSubclass(Record.class)));
      } else {
        keys.add(key);
      }
    }
    return keys;
  }

  /** Those of the keys below which any name may stand. */
  static Set<String> openKeys(String path, Class<? extends Record> type) {
    Set<String> keys = new LinkedHashSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = key(path, component);
      if (component.getType().isRecord()) {
        keys.addAll(openKeys(key, component.getType().asSubclass(Record.class)));
      } else if (component.getType() == Map.class) {
        keys.add(key + ".");
      }
    }
    return keys;
  }

  private static String key(String path, RecordComponent component) {
    return within(path, snake(component));
  }

  private static String within(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  static String snake(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  <R extends Record> R bind(String path, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    int before = problems.size();
    for (int i = 0; i < components.length; i++) {
      values[i] = value(key(path, components[i]), components[i]);
    }
    return problems.size() > before ? null : construct(path, type, components, values);
  }

  private <R extends Record> R construct(
      String path, Class<R> type, RecordComponent[] components, Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof InvalidSettings invalid) {
        invalid.problems().forEach(problem -> problems.add(within(path, problem)));
        return null;
      }
      throw new IllegalStateException("Cannot build " + type.getSimpleName(), thrown.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot build " + type.getSimpleName(), e);
    }
  }

  private Object value(String key, RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class && config.hasPath(key)) {
      return list(key, element(component));
    }
    return type == Map.class ? map(key, element(component)) : value(key, type);
  }

  /** The type of a list's elements, or of a map's values. */
  private static Class<?> element(RecordComponent many) {
    Type[] arguments = ((ParameterizedType) many.getGenericType()).getActualTypeArguments();
    return (Class<?>) arguments[arguments.length - 1];
  }

  /** A group of names that are the user's; a number in place of the group is under no name. */
  private Map<String, Object> map(String key, Class<?> element) {
    Map<String, Object> found = new TreeMap<>();
    if (!config.hasPath(key)) {
      return found;
    }
    if (config.getValue(key).valueType() != ConfigValueType.OBJECT) {
      if (element == String.class) {
        problems.add(key + " must be a group but was " + config.getValue(key).unwrapped());
      } else {
        found.put("", value(key, element));
      }
      return found;
    }
    for (String name : config.getObject(key).keySet()) {
      String path = key + "." + ConfigUtil.quoteString(name);
      found.put(name, element == String.class ? text(path) : value(path, element));
    }
    return found;
  }

  private String text(String path) {
    return config.hasPath(path) ? config.getValue(path).unwrapped().toString() : null;
  }

  private Object list(String key, Class<?> element) {
    try {
      if (element.isRecord()) {
        return records(key, element.asSubclass(Record.class));
      }
      if (element == Integer.class) {
        return config.getIntList(key);
      }
      return element == String.class ? config.getStringList(key) : config.getDoubleList(key);
    } catch (ConfigException e) {
      String expected =
          element.isRecord() ? "groups" : element == String.class ? "texts" : "numbers";
      problems.add(
          "%s must be a list of %s but was %s"
              .formatted(key, expected, config.getValue(key).unwrapped() + origin(key)));
      return null;
    }
  }

  private <R extends Record> List<R> records(String key, Class<R> type) {
    List<R> records = new ArrayList<>();
    for (Config entry : config.getConfigList(key)) {
      String at = key + "[" + records.size() + "]";
      RecordBinder binder = new RecordBinder(entry);
      records.add(binder.bind("", type));
      binder.checkNames(type);
      binder.problems.forEach(problem -> problems.add(within(at, problem)));
    }
    return records.contains(null) ? null : records;
  }

  /** Refuses keys that the record of an entry has not. */
  private void checkNames(Class<? extends Record> type) {
    Set<String> known = keys("", type);
    for (String name : config.root().keySet()) {
      if (!known.contains(name)) {
        problems.add(name + " is not a key" + NearestNames.hint(NearestNames.of(name, known)));
      }
    }
  }

  private Object value(String key, Class<?> type) {
    if (type.isRecord()) {
      return bind(key, type.asSubclass(Record.class));
    }
    if (!config.hasPath(key)) {
      if (type.isEnum() && none(type) != null && config.hasPathOrNull(key)) {
        return none(type);
      }
      if (type.isPrimitive() || type.isEnum()) {
        problems.add(
            key + " must have a value but was " + (config.hasPathOrNull(key) ? "null" : "missing"));
      }
      return null;
    }
    try {
      return type.isEnum() ? constant(key, type) : scalar(key, type);
    } catch (ConfigException e) {
      String found = config.getValue(key).unwrapped() + origin(key);
      problems.add(key + " must be " + description(type) + " but was " + found);
      return null;
    }
  }

  private Object scalar(String key, Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return config.getInt(key);
    }
    if (type == long.class || type == Long.class) {
      return config.getLong(key);
    }
    if (type == double.class || type == Double.class) {
      return config.getDouble(key);
    }
    if (type == boolean.class || type == Boolean.class) {
      return config.getBoolean(key);
    }
    return config.getString(key);
  }

  /** What null means for an enum that can say so. */
  private static Object none(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.toString().equals("NONE"))
        .findFirst()
        .orElse(null);
  }

  private Object constant(String key, Class<?> type) {
    String wanted = config.getString(key);
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(wanted)) {
        return constant;
      }
    }
    problems.add(key + " must be " + description(type) + " but was " + wanted + origin(key));
    return null;
  }

  private String origin(String key) {
    return " (" + config.getValue(key).origin().description() + ")";
  }

  private static String description(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    return type == double.class || type == Double.class ? "a number" : "a whole number";
  }
}
