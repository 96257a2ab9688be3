using CodeComplete.Engine.Learning;

namespace CodeComplete.Engine.Tests.Learning;

public class LikePlaceTests
{
    [Theory]
    [InlineData("    var total = lines.", "\tvar   x=other.")]
    [InlineData("return Find(\"a b\", 5).", "return Get(\"\", 17).")]
    [InlineData("    x.", "    x.Su")]
    [InlineData("    ", "")]
    [InlineData("", "  var")]
    public void Lines_of_one_shape_are_alike(string one, string other)
    {
        Assert.Equal(LikePlace.Shape(one), LikePlace.Shape(other));
    }

    [Theory]
    [InlineData("    return x.", "    var y = x.")]
    [InlineData("    x.", "    x(")]
    [InlineData("    await x.", "    x.")]
    [InlineData("    x(\"a\", ", "    x(a, ")]
    public void Lines_of_other_shapes_are_not(string one, string other)
    {
        Assert.NotEqual(LikePlace.Shape(one), LikePlace.Shape(other));
    }

    [Fact]
    public void The_member_tells_places_apart_where_there_is_no_receiver()
    {
        var print = new SuggestionPlace { LineBefore = "    ", EnclosingMember = "Print" };

        Assert.NotEqual(LikePlace.Of(print), LikePlace.Of(print with { EnclosingMember = "Save" }));
        Assert.Equal(
            LikePlace.Of(print with { ReceiverType = "Invoice" }),
            LikePlace.Of(print with { ReceiverType = "Invoice", EnclosingMember = "Save" })
        );
    }
}
