"""Data sets of `codecomplete dataset` as samples: the product's own prompts, made with the compiler and the memory as they are in use."""
from errors import InputError
from samples import weigh
from shards import records


def own_prompts(pattern, tokenizer, length):
    """The Samples of all data files that a glob names; those of more than `length` tokens are left out.

    Raises InputError with the file and its line where that is no sample, or one of another tokenizer.
    """

    def read(record):
        prompt, middle = record["prompt"], record["middle"]
        if not all(type(token) is int and 0 <= token < tokenizer.count for token in prompt + middle) or middle[-1] != tokenizer.role("end"):
            raise ValueError
        typed = record["text"].encode("utf-16-le", "surrogatepass")[: 2 * record["typed"]].decode("utf-16-le", "surrogatepass")
        return weigh(tokenizer, prompt, typed, middle, product=True)

    made = records(pattern, read, "sample of this tokenizer", "`codecomplete dataset` and the model that is trained")
    own = [sample for sample in made if len(sample.ids) <= length]
    if not own:
        raise InputError(f"'{pattern}' holds no sample of at most {length} tokens: make a larger data set.")
    return own
