/** Beginning of every path of PD's first HTTP API. */
export const PD_API = '/pd/api/v1';
