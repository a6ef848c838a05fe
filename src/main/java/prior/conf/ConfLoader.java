package prior.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import prior.fault.UserFault;

/**
 * Reads configuration: the defaults of {@code reference.conf}, a file in HOCON (of which JSON is a
 * part) over them, {@code key=value} settings over both.
 */
public final class ConfLoader {
  private static final String DEFAULTS = "reference.conf";

  private ConfLoader() {}

  /** A file's name, for messages, and its text. */
  public record Source(String name, String text) {}

  /**
   * What was read.
   *
   * @param ignored keys of the reference's configuration that have no meaning here
   * @param effective all keys with their values, as text that reads back to equal settings
   */
  public record Loaded(Settings settings, List<String> ignored, String effective) {

    /** The same with other attributes. */
    public Loaded withAttributes(List<AttributeConf> attributes) {
      Source known = new Source("the settings", effective);
      Config changed =
          parse(known)
              .withValue(
                  "prior.net.attributes",
                  ConfigValueFactory.fromIterable(
                      attributes.stream().map(RecordWords::of).toList()));
      Loaded loaded = load(List.of(new Source(known.name(), render(changed))), List.of());
      return new Loaded(loaded.settings(), ignored, loaded.effective());
    }

    /** The settings with {@code key=value} over them. */
    public Settings with(String... sets) {
      return load(List.of(new Source("the settings", effective)), List.of(sets)).settings();
    }

    /** The values of a group's keys as text; null ones are left out. */
    public Map<String, String> values(String group) {
      Map<String, String> values = new TreeMap<>();
      parse(new Source("the settings", effective))
          .getConfig(group)
          .entrySet()
          .forEach(
              entry ->
                  values.put(
                      group + "." + entry.getKey(), entry.getValue().unwrapped().toString()));
      return values;
    }

    /** What to show when a job starts. */
    public String report() {
      String told =
          ignored.isEmpty()
              ? ""
              : "# ignored, no meaning here: " + String.join(", ", ignored) + "\n";
      return told + effective;
    }
  }

  /**
   * Reads a configuration.
   *
   * @param files none for the defaults alone; a later one counts before an earlier
   * @param sets settings of the form {@code key=value}, the last of a key counts
   * @throws UserFault listing every problem found
   */
  public static Loaded load(List<Source> files, List<String> sets) {
    List<String> problems = new ArrayList<>();
    Config given = given(files, sets, problems);
    ReferenceKeys.Translated translated = ReferenceKeys.translate(given);
    Config all = resolve(translated.config().withFallback(defaults()));
    problems.addAll(unknown(translated.config()));
    RecordBinder binder = new RecordBinder(all);
    Settings settings = binder.bind("", Settings.class);
    problems.addAll(binder.problems());
    if (!problems.isEmpty()) {
      String name = files.isEmpty() ? "the settings" : files.get(files.size() - 1).name();
      throw UserFault.usage("Cannot use " + name + ":\n  " + String.join("\n  ", problems));
    }
    return new Loaded(settings, translated.ignored(), render(all));
  }

  /** The {@code prior} part of a configuration in the reference's own words, as JSON. */
  public static PriorConf priorFromReference(String json) {
    Config reference = parse(new Source("reference configuration", json)).withOnlyPath("prior");
    return load(List.of(new Source("reference configuration", render(reference))), List.of())
        .settings()
        .prior();
  }

  /**
   * The {@code prior} part of a diffusers prior.
   *
   * @param model the model's {@code config.json}
   * @param scheduler its scheduler's; null for the defaults
   */
  public static PriorConf priorFromDiffusers(String model, String scheduler) {
    return load(List.of(diffusers(model, scheduler)), List.of()).settings().prior();
  }

  /** The same as a configuration in our words. */
  public static Source diffusers(String model, String scheduler) {
    Config parsed = withoutNotes(parse(new Source("diffusers configuration", model)));
    Config prior =
        ConfigFactory.empty()
            .withValue("prior.family", ConfigValueFactory.fromAnyRef(Family.UNCLIP.name()))
            .withValue("prior.unclip", parsed.root());
    if (scheduler != null) {
      Config steps = withoutNotes(parse(new Source("diffusers scheduler", scheduler)));
      prior = prior.withValue("prior.unclip.scheduler", steps.root());
    }
    return new Source("diffusers configuration", render(prior));
  }

  /** All keys of a configuration as JSON, known or not. */
  public static String json(Source file) {
    return parse(file).root().render(ConfigRenderOptions.concise());
  }

  /** The {@code prior} group alone of a configuration. */
  public static Source priorOf(Source file) {
    return new Source(file.name(), render(parse(file).withOnlyPath("prior")));
  }

  /** The text at a key of what a user gives, defaults aside; empty where it is not given. */
  public static Optional<String> given(String key, List<Source> files, List<String> sets) {
    Config given = resolve(given(files, sets, new ArrayList<>()));
    return given.hasPath(key)
        ? Optional.of(given.getValue(key).unwrapped().toString())
        : Optional.empty();
  }

  private static Config given(List<Source> files, List<String> sets, List<String> problems) {
    Config given = ConfigFactory.empty();
    for (Source file : files) {
      given = parse(file).withFallback(given);
    }
    return sets(sets, problems).withFallback(given);
  }

  /** diffusers notes its class and version under names that begin with an underscore. */
  private static Config withoutNotes(Config config) {
    Config left = config;
    for (String key : config.root().keySet()) {
      left = key.startsWith("_") ? left.withoutPath(ConfigUtil.quoteString(key)) : left;
    }
    return left;
  }

  static Config defaults() {
    return ConfigFactory.parseResources(ConfLoader.class.getClassLoader(), DEFAULTS);
  }

  static Set<String> knownKeys() {
    return RecordBinder.keys("", Settings.class);
  }

  private static Config parse(Source file) {
    try {
      ConfigParseOptions named =
          ConfigParseOptions.defaults()
              .setOriginDescription(file.name())
              .setAllowMissing(false)
              .setIncluder(new NoIncludes());
      return ConfigFactory.parseString(file.text(), named);
    } catch (StackOverflowError e) { // the parser recurses
      throw UserFault.usage("Cannot read " + file.name() + ": it is nested too deeply");
    } catch (ConfigException e) {
      throw UserFault.usage("Cannot read " + file.name() + ": " + e.getMessage());
    }
  }

  private static Config sets(List<String> sets, List<String> problems) {
    Config config = ConfigFactory.empty();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals < 1) {
        problems.add("--set must be key=value but was " + set);
        continue;
      }
      config =
          set(set.substring(0, equals).strip(), set.substring(equals + 1)).withFallback(config);
    }
    return config;
  }

  /** A value as HOCON reads it, or, where that fails (a path, say), as the text it is. */
  private static Config set(String key, String value) {
    ConfigParseOptions named = ConfigParseOptions.defaults().setOriginDescription("--set " + key);
    try {
      return ConfigFactory.parseString(key + " = " + value, named);
    } catch (ConfigException e) {
      return ConfigFactory.parseString(key + " = " + ConfigUtil.quoteString(value), named);
    }
  }

  private static Config resolve(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw UserFault.usage("Cannot resolve the configuration: " + e.getMessage());
    }
  }

  private static List<String> unknown(Config given) {
    Set<String> known = knownKeys();
    Set<String> open = RecordBinder.openKeys("", Settings.class);
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, com.typesafe.config.ConfigValue> entry : given.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      if (!known.contains(key) && open.stream().noneMatch(key::startsWith)) {
        String hint = NearestNames.hint(NearestNames.of(key, known));
        problems.add(
            key + " is not a key (" + entry.getValue().origin().description() + ")" + hint);
      }
    }
    return problems.stream().sorted().toList();
  }

  private static String render(Config config) {
    ConfigRenderOptions plain =
        ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(false);
    return config.root().render(plain);
  }
}
