package prior.conf; public enum LossType { L1, L2, HUBER }
