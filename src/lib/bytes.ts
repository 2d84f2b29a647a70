/** The number that `bytes` spell, unsigned and big-endian; no bytes spell zero. */
export function numberFrom(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`)
}

/** `value`, unsigned and big-endian: in `width` bytes with zeros to the left, or in as few as it needs (at least one). */
export function bytesFrom(value: bigint, width?: number): Buffer {
  if (value < 0n) throw new RangeError('a negative number has no unsigned bytes')
  const hex = value.toString(16)
  const needed = Math.ceil(hex.length / 2)
  if (width !== undefined && needed > width) throw new RangeError(`${needed} bytes do not fit into ${width}`)
  return Buffer.from(hex.padStart(2 * (width ?? needed), '0'), 'hex')
}
