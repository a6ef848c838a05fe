package prior.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import prior.conf.ConfLoader;

/** Small networks, tokens 8 wide, between embeddings of other widths. */
final class SomeWidths {
  private static final List<String> SMALL =
      List.of(
          "prior.net.dim=8",
          "prior.net.depth=2",
          "prior.net.heads=2",
          "prior.net.dim_head=4",
          "prior.net.ff_mult=2",
          "prior.net.num_timesteps=20",
          "prior.timesteps=20",
          "prior.net.max_text_len=4",
          "prior.net.norm_out=false");

  private SomeWidths() {}

  /** Everything another width; text alone without an embedding; an embedding alone. */
  static Stream<Dalle2Shape> all() {
    return Stream.of(
        SomeAttributes.in(
            shape(
                "prior.condition_on_text_encodings=true",
                "prior.net.text_width=5",
                "prior.net.text_embed_width=3",
                "prior.net.image_width=11",
                "prior.net.text_padding=masked",
                "prior.net.num_text_embeds=2",
                "prior.net.num_image_embeds=2",
                "prior.net.self_cond=true",
                "prior.image_scale=whitening")),
        shape(
            "prior.condition_on_text_encodings=true",
            "prior.net.text_width=12",
            "prior.net.text_embed_width=0",
            "prior.net.image_width=6"),
        shape(
            "prior.condition_on_text_encodings=true",
            "prior.net.text_embed_width=0",
            "prior.net.text_padding=masked",
            "prior.image_scale=mean-std"),
        SomeAttributes.in(shape("prior.net.text_embed_width=5", "prior.net.image_width=9")));
  }

  static Dalle2Shape shape(String... more) {
    List<String> sets = new ArrayList<>(SMALL);
    sets.addAll(List.of(more));
    return (Dalle2Shape) NetworkShape.of(ConfLoader.load(List.of(), sets).settings().prior());
  }
}
