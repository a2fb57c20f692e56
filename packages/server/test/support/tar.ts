const BLOCK_BYTE_LENGTH = 512

/** A tar of small files: each has a header, which is a tar's magic again. */
export function makeTar(memberCount: number): Buffer {
  const members = Array.from({ length: memberCount }, (_, index) => {
    const header = Buffer.alloc(BLOCK_BYTE_LENGTH)
    header.write(`member${index}`, 0)
    header.write(`0000644\0${'0000000\0'.repeat(2)}`, 100)
    header.write(`${BLOCK_BYTE_LENGTH.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124)
    header.fill(0x20, 148, 156)
    header.write('0', 156)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    return Buffer.concat([header, Buffer.alloc(BLOCK_BYTE_LENGTH, 0x2e)])
  })
  return Buffer.concat([...members, Buffer.alloc(2 * BLOCK_BYTE_LENGTH)])
}
