package prior.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import prior.fault.ExitStatus;
import prior.fault.UserFault;

class ConfLoaderTest {
  private static ConfLoader.Loaded load(String text, String... sets) {
    return ConfLoader.load(List.of(new ConfLoader.Source("my.conf", text)), List.of(sets));
  }

  @Test
  void everyKeyOfTheRecordsHasItsDefaultInReferenceConf() {
    List<String> inFile = new ArrayList<>();
    ConfLoader.defaults().root().unwrapped();
    for (String key : ConfLoader.knownKeys()) {
      if (ConfLoader.defaults().hasPathOrNull(key)) {
        inFile.add(key);
      }
    }
    assertThat(inFile).containsExactlyInAnyOrderElementsOf(ConfLoader.knownKeys());
  }

  @Test
  void referenceConfHasNoKeyThatNoRecordReads() {
    assertThat(ConfLoader.defaults().entrySet())
        .allSatisfy(entry -> assertThat(ConfLoader.knownKeys()).contains(entry.getKey()));
  }

  @Test
  void everyKeyCanBeSetToAnotherValue() {
    Settings defaults = ConfLoader.load(List.of(), List.of()).settings();
    for (String key : ConfLoader.knownKeys()) {
      if (!WITH_ONE_VALUE.contains(key)) {
        List<String> sets = new ArrayList<>(List.of(key + "=" + other(key)));
        sets.addAll(needed(key));
        Settings changed = ConfLoader.load(List.of(), sets).settings();
        assertThat(changed).as("settings after %s", sets).isNotEqualTo(defaults);
      }
    }
  }

  /** Recorded in diffusers' files; the only value understood is the default. */
  private static final Set<String> WITH_ONE_VALUE =
      Set.of(
          "prior.unclip.time_embed_act_fn",
          "prior.unclip.scheduler.variance_type",
          "prior.unclip.scheduler.beta_schedule");

  /** What has to change with a key. */
  private static List<String> needed(String key) {
    return switch (key) {
      case "prior.unclip.additional_embeddings" -> List.of("prior.unclip.added_emb_type=null");
      case "prior.unclip.added_emb_type" -> List.of("prior.unclip.additional_embeddings=3");
      case "train.lr_schedule" -> List.of("train.max_steps=100");
      case "infer.attributes" -> List.of("prior.net.attributes=[{name=a,kind=number}]");
      default -> List.of();
    };
  }

  /** A legal value that is not the default. */
  private static String other(String key) {
    String last = key.startsWith("eval.sweep") ? "sweep" : key.substring(key.lastIndexOf('.') + 1);
    return switch (last) {
      case "sweep" -> "[2, 3]";
      case "bootstrap_draws" -> "500";
      case "objective" -> "v";
      case "loss_type" -> "huber";
      case "loss_weight" -> "min-snr";
      case "lr_schedule" -> "linear";
      case "lr_end" -> "1e-5";
      case "time_sampling" -> "importance";
      case "sampling_clamp" -> "range";
      case "sampler" -> "dpmpp";
      case "device" -> "gpu";
      case "dpmpp_grid" -> "lambda";
      case "family" -> "unclip";
      case "additional_embeddings" -> "3";
      case "added_emb_type", "encoder_hid_proj_type" -> "null";
      case "norm_in_type", "embedding_proj_norm_type" -> "layer";
      case "prediction_type" -> "epsilon";
      case "attention_mask" -> "false";
      case "num_attention_heads", "attention_head_dim" -> "8";
      case "on_non_finite" -> "drop";
      case "beta_schedule" -> "jsd";
      case "ema_rule" -> "a";
      case "keep" -> "all";
      case "output_scale" -> "raw-with-stats";
      case "text_padding" -> "masked";
      case "image_scale" -> "whitening";
      case "vectors" -> "fp16";
      case "bad_rows", "on_bad_shard" -> "skip";
      case "betas" -> "[0.8, 0.95]";
      case "steps" -> key.startsWith("validation") ? "[20, 64]" : "32";
      case "num_timesteps" -> "2000";
      case "text_embedding",
          "image_embedding",
          "text_encodings",
          "text_mask",
          "key",
          "output",
          "clip" ->
          "other";
      case "train", "val", "test" -> "/data/pairs";
      case "on_divergence" -> "ignore";
      case "metric" -> "loss";
      case "lr_factor" -> "0.25";
      case "uri" -> "http://mlflow:5000";
      case "attributes" ->
          key.startsWith("infer") ? "{ a = 7.5 }" : "[{ name = aesthetic, kind = number }]";
      default -> {
        String value =
            ConfLoader.defaults().getIsNull(key)
                ? "null"
                : ConfLoader.defaults().getValue(key).unwrapped().toString();
        yield switch (value.toLowerCase(Locale.ROOT)) {
          case "true" -> "false";
          case "false" -> "true";
          case "0", "0.0" -> key.contains("fraction") ? "0.2" : decimal(key) ? "0.25" : "3";
          case "0.1" -> "0.2";
          default -> decimal(key) ? "0.5".equals(value) ? "0.25" : "0.5" : "7";
        };
      }
    };
  }

  private static boolean decimal(String key) {
    return key.matches(".*[._](lr|wd|eps|dropout|prob|beta|eta|scale|norm|fraction)$");
  }

  @Test
  void allProblemsOfAFileAreToldTogether() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    train { lr = -1, epochs = 0, loss = 3 }
                    prior { beta_schedule = cosin, net.dim = wide }
                    spark.averaging_frequncy = 3
                    """))
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageContaining("my.conf")
        .hasMessageContaining("train.lr must be within 0..10 but was -1")
        .hasMessageContaining("train.epochs must be within 1")
        .hasMessageContaining("train.loss is not a key")
        .hasMessageContaining("one of cosine, linear, quadratic, jsd, sigmoid but was cosin")
        .hasMessageContaining("prior.net.dim must be a whole number but was wide (my.conf: 2)")
        .hasMessageContaining("did you mean spark.averaging_frequency");
  }

  @Test
  void attributesAreReadAsAListOfGroups() {
    PriorConf prior =
        load("""
                prior.net.attributes = [
                  { name = aesthetic, column = score, kind = number, mean = 5, deviation = 1.5 }
                  { name = kind_of, kind = category, values = [photo, 3], cond_drop_prob = 0.5 }
                  { name = style, kind = vector, width = 8 }
                ]
                """)
            .settings()
            .prior();
    assertThat(prior.attributes())
        .containsExactly(
            new AttributeConf(
                "aesthetic", "score", AttributeKind.NUMBER, null, null, 5.0, 1.5, null),
            new AttributeConf(
                "kind_of",
                "kind_of",
                AttributeKind.CATEGORY,
                null,
                List.of("photo", "3"),
                null,
                null,
                0.5),
            new AttributeConf("style", "style", AttributeKind.VECTOR, 8, null, null, null, null));
    assertThat(prior.attributes().stream().map(prior::drop)).containsExactly(0.1, 0.5, 0.1);
  }

  @Test
  void everyProblemOfAttributesIsToldByItsPlaceInTheList() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    prior.net.attributes = [
                      { name = Big, kind = numbr, colum = a }
                      { name = style, kind = vector }
                      { name = text, kind = category, values = [a, a] }
                      { name = size, kind = number, mean = 1, values = [1] }
                    ]
                    """))
        .hasMessageContaining("attributes[0].kind must be one of number, category, vector")
        .hasMessageContaining("attributes[0].colum is not a key; did you mean column?")
        .hasMessageContaining("attributes[1].width must be given for kind vector")
        .hasMessageContaining("attributes[2].name must be lower-case letters")
        .hasMessageContaining("attributes[2].values must be different but was [a, a]")
        .hasMessageContaining("attributes[3].values must be given for kind category alone")
        .hasMessageContaining("attributes[3].mean and deviation must be given together");
    assertThatThrownBy(() -> load("prior.net.attributes = 3"))
        .hasMessageContaining("prior.net.attributes must be a list of groups but was 3");
    assertThatThrownBy(
            () ->
                load("prior.net.attributes = [{name=a,kind=number},{name=a,column=b,kind=number}]"))
        .hasMessageContaining("prior.net.attributes must have different names but was [a, a]");
    assertThatThrownBy(
            () -> load("prior { family = unclip, net.attributes = [{name=a,kind=number}] }"))
        .hasMessageContaining("net.attributes must be empty");
  }

  @Test
  void guidanceIsOneNumberOrOneForEachCondition() {
    String attributes = "prior.net.attributes = [{name=a,kind=number},{name=b,kind=number}]\n";
    InferConf one = load(attributes + "infer.cond_scale = 3").settings().infer();
    assertThat(List.of(one.textScale(), one.scale("a"))).containsExactly(3.0, 3.0);
    InferConf apart =
        load(attributes, "infer.cond_scale.text=2", "infer.cond_scale.a=5").settings().infer();
    assertThat(List.of(apart.textScale(), apart.scale("a"), apart.scale("b")))
        .containsExactly(2.0, 5.0, 2.0);
    assertThatThrownBy(() -> load(attributes, "infer.cond_scale.txt=2"))
        .hasMessageContaining("infer.cond_scale.txt is not an attribute")
        .hasMessageContaining("did you mean text");
    assertThatThrownBy(() -> load(attributes, "infer.cond_scale.a=-1"))
        .hasMessageContaining("infer.cond_scale.a must be within 0..1000 but was -1");
  }

  @Test
  void valuesForAllRowsMustBeOfTheirAttributesKind() {
    String attributes =
        """
        prior.net.attributes = [
          { name = a, kind = number }, { name = b, kind = category, values = [x, 3] }
          { name = c, kind = vector, width = 2 }]
        """;
    assertThat(
            load(
                    attributes,
                    "infer.attributes.a=7.5",
                    "infer.attributes.b=3",
                    "infer.attributes.c=[1, -2.5]")
                .settings()
                .infer()
                .attributes())
        .containsEntry("a", "7.5")
        .containsEntry("b", "3");
    assertThat(load(attributes, "infer.attributes.a=null").settings().infer().attributes())
        .containsEntry("a", null);
    assertThatThrownBy(
            () ->
                load(
                    attributes,
                    "infer.attributes.a=much",
                    "infer.attributes.b=y",
                    "infer.attributes.c=[1]",
                    "infer.attributes.d=1"))
        .hasMessageContaining("infer.attributes.a must be a number but was much")
        .hasMessageContaining("infer.attributes.b must be one of x, 3 but was y")
        .hasMessageContaining("infer.attributes.c must be 2 numbers in brackets but was [1]")
        .hasMessageContaining("infer.attributes.d is not an attribute of prior.net.attributes");
  }

  @Test
  void textThatIsNotHoconIsRefusedByFileAndLine() {
    assertThatThrownBy(() -> load("train {\n lr = \n"))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("my.conf");
  }

  @Test
  void theEffectiveTextReadsBackToEqualSettings() {
    ConfLoader.Loaded first = load("train.lr = 2e-4, data.columns.key = id");
    ConfLoader.Loaded second = load(first.effective());
    assertThat(second.settings()).isEqualTo(first.settings());
    assertThat(second.effective()).isEqualTo(first.effective());
  }

  @Test
  void aSettingCountsBeforeTheFileAndAPathNeedsNoQuotes() {
    Settings settings =
        load("train.lr = 1e-3, data.train = here", "train.lr=2e-3", "data.train=hdfs://a/b c:d/x")
            .settings();
    assertThat(settings.train().lr()).isEqualTo(2e-3);
    assertThat(settings.data().train()).isEqualTo("hdfs://a/b c:d/x");
  }

  @Test
  void theReferencesTrainingConfigurationIsReadAsItIs() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/conf/train_prior_config.json")) {
      ConfLoader.Loaded loaded = load(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(loaded.settings().prior().net().dim()).isEqualTo(768);
      assertThat(loaded.settings().prior().net().normformer()).isTrue();
      assertThat(loaded.settings().prior().objective()).isEqualTo(Objective.X_START);
      assertThat(loaded.settings().data().batchSize()).isEqualTo(128);
      assertThat(loaded.settings().train().wd()).isEqualTo(6.02e-2);
      assertThat(loaded.ignored())
          .contains("prior.clip", "data.image_url", "data.splits", "train.amp", "tracker");
      assertThat(loaded.report()).contains("ignored, no meaning here: prior.clip");
    }
  }

  @Test
  void theReferencesTwoBooleansBecomeOneObjective() {
    assertThat(load("prior.predict_x_start = true").settings().prior().objective())
        .isEqualTo(Objective.X_START);
    assertThat(load("prior.predict_x_start = false").settings().prior().objective())
        .isEqualTo(Objective.NOISE);
    assertThat(
            load("prior { predict_x_start = false, predict_v = true }")
                .settings()
                .prior()
                .objective())
        .isEqualTo(Objective.V);
  }

  @Test
  void etaOfEarlierCheckpointsIsReadAsDdims() {
    assertThat(load("infer.eta = 0.25").settings().infer().ddimEta()).isEqualTo(0.25);
  }

  @Test
  void aTimeTableShorterThanTheScheduleIsRefused() {
    assertThatThrownBy(() -> load("prior.net.num_timesteps = 10"))
        .hasMessageContaining("prior.net.num_timesteps must be at least timesteps 1000 but was 10");
  }

  @Test
  void theOverlaysInConfAreLegal() throws IOException {
    for (String name : List.of("train-demo", "train-base", "infer-base", "train-products")) {
      java.nio.file.Path file = java.nio.file.Path.of("conf", name + ".conf");
      assertThat(load(java.nio.file.Files.readString(file)).settings()).isNotNull();
    }
  }

  @Test
  void theReferencesClampsActOnlyWherePredictXStartIsTrue() {
    PriorConf with =
        ConfLoader.priorFromReference(
            """
            {"prior": {"predict_v": true, "predict_x_start": true, "sampling_clamp_l2norm": true,
              "sampling_final_clamp_l2norm": true, "training_clamp_l2norm": true}}
            """);
    assertThat(with.objective()).isEqualTo(Objective.V);
    assertThat(with.samplingClamp()).isEqualTo(SamplingClamp.L2NORM);
    assertThat(with.samplingFinalClampL2norm()).isTrue();
    assertThat(with.trainingClampL2norm()).isTrue();
    PriorConf without =
        ConfLoader.priorFromReference(
            """
            {"prior": {"predict_v": true, "predict_x_start": false, "sampling_clamp_l2norm": true,
              "sampling_final_clamp_l2norm": true, "training_clamp_l2norm": true}}
            """);
    assertThat(without.objective()).isEqualTo(Objective.V);
    assertThat(without.samplingClamp()).isEqualTo(SamplingClamp.RANGE);
    assertThat(without.samplingFinalClampL2norm()).isFalse();
    assertThat(without.trainingClampL2norm()).isFalse();
  }
}
