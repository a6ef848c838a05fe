package prior.conf;
import com.fasterxml.jackson.databind.*;
public final class ConfLoader {
  public static PriorConf priorFromReference(String json) {
    try {
      JsonNode p = new ObjectMapper().readTree(json).path("prior");
      JsonNode n = p.path("net");
      NetConf net = new NetConf(n.path("dim").asInt(), n.path("depth").asInt(), n.path("num_timesteps").isNull() ? null : n.path("num_timesteps").asInt(), n.path("max_text_len").asInt(), n.path("num_time_embeds").asInt(), n.path("num_image_embeds").asInt(), n.path("num_text_embeds").asInt(), n.path("dim_head").asInt(), n.path("heads").asInt(), n.path("ff_mult").asInt(), n.path("norm_in").asBoolean(), n.path("norm_out").asBoolean(), 0, 0, n.path("final_proj").asBoolean(), n.path("normformer").asBoolean(), n.path("rotary_emb").asBoolean(), n.path("self_cond").asBoolean());
      Objective o = p.path("predict_v").asBoolean() ? Objective.V : p.path("predict_x_start").asBoolean() ? Objective.X_START : Objective.NOISE;
      return new PriorConf(net, p.path("timesteps").asInt(), p.path("sample_timesteps").isNull() ? null : p.path("sample_timesteps").asInt(), p.path("cond_drop_prob").asDouble(), null, null, LossType.valueOf(p.path("loss_type").asText().toUpperCase()), o, BetaSchedule.valueOf(p.path("beta_schedule").asText().toUpperCase()), p.path("condition_on_text_encodings").asBoolean(), p.path("sampling_clamp_l2norm").asBoolean(), p.path("sampling_final_clamp_l2norm").asBoolean(), p.path("training_clamp_l2norm").asBoolean(), p.path("init_image_embed_l2norm").asBoolean(), p.path("image_embed_scale").isNull() ? null : p.path("image_embed_scale").asDouble());
    } catch (Exception e) { throw new RuntimeException(e); }
  }
}
