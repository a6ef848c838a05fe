package prior.checkpoint;

import java.util.List;

/** One header entry as written, before anything in it is believed. */
record TensorDeclaration(String name, String type, List<Long> shape, long begin, long end) {}
