/** Answers of PD while its cluster does not run here: before bootstrap, on a follower, on a leader that has just begun. */
export const NOT_BOOTSTRAPPED =
  '[PD:cluster:ErrNotBootstrapped]TiKV cluster not bootstrapped, please start TiKV first';
