package prior.doctor;

import java.util.Optional;
import prior.fault.UserFault;
import prior.model.Card;

/**
 * The first GPU, and whether this jar can use it.
 *
 * @param library whether the jar holds ND4J's library for GPUs
 */
record Gpu(Optional<Card> card, boolean library) {
  private static final String SUBJECT = "gpu";
  private static final String CAPABLE = "compute capability 3.7 to 8.9";

  static Gpu here() {
    return new Gpu(Card.at("0"), Card.libraryIsHere());
  }

  Finding finding() {
    return library ? wanted() : Finding.ok(SUBJECT, unused());
  }

  private Finding wanted() {
    if (card.isPresent() && card.get().supported()) {
      return Finding.ok(SUBJECT, card.get() + ", can be used");
    }
    return Finding.fix(
        SUBJECT,
        UserFault.resources(
            "expected %s for a jar built with -Dcuda, found %s; build without -Dcuda"
                .formatted(CAPABLE, card.map(Card::toString).orElse("no GPU"))));
  }

  private String unused() {
    if (card.isEmpty()) {
      return "none; processors are used";
    }
    String why =
        card.get().supported()
            ? "this jar is for processors; mvn -Dcuda builds one for GPUs"
            : "ND4J needs " + CAPABLE + "; processors are used";
    return card.get() + ", not used: " + why;
  }
}
