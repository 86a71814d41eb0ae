const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => total + byte, 0);

/** The low byte of the sum. */
export const sum8 = (bytes: Uint8Array): number => sum(bytes) & 0xff;
/** The low two bytes of the sum. */
export const sum16 = (bytes: Uint8Array): number => sum(bytes) & 0xffff;
/** What brings the sum to a multiple of 256. */
export const twos8 = (bytes: Uint8Array): number => -sum(bytes) & 0xff;

/** CRC-8 of Sensirion's two-wire sensors: polynomial 0x31, start 0xFF. */
export function crc8Sensirion(bytes: Uint8Array): number {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x31) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}

function crc16Reflected(bytes: Uint8Array, start: number): number {
  let crc = start;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** Modbus: polynomial 0x8005 reflected, start 0xFFFF; sent low byte first. */
export const crc16Modbus = (bytes: Uint8Array): number => crc16Reflected(bytes, 0xffff);
/** SDI-12: the same polynomial, start 0. */
export const crc16Arc = (bytes: Uint8Array): number => crc16Reflected(bytes, 0);

/** Davis: polynomial 0x1021, start 0; sent high byte first, so that data and CRC together give 0. */
export function crc16Ccitt(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
