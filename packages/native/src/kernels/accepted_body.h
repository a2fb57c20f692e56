// Which bytes of a needle accept one of the text. Included by each tier's file, as the other
// bodies.

namespace mapscope {
namespace {

std::uint64_t accepted_bits(const Octet* values, const Octet* masks, Octet byte) {
  const Lanes::Vector bytes = Lanes::broadcast(byte);
  std::uint64_t accepted = 0;
  for (std::uint64_t i = 0; i < 64; i += Lanes::kWidth) {
    const Lanes::Vector counting = Lanes::both(bytes, Lanes::load(masks + i));
    accepted |= Lanes::bits(Lanes::equal(counting, Lanes::load(values + i))) << i;
  }
  return accepted;
}

}  // namespace
}  // namespace mapscope
