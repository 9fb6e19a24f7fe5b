/** Marks the file as a ledger: `OPLG`. */
export const APPLICATION_ID = 0x4f_50_4c_47;
