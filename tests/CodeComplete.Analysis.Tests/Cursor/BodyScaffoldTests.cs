namespace CodeComplete.Analysis.Tests.Cursor;

public class BodyScaffoldTests
{
    [Theory]
    [InlineData("class A\n{\n    public int Sum(int a)$0\n}", "\n    {\n        ", "\n    }")]
    [InlineData("class A\n{\n    public int Sum(int a)$0\n\n    public void M()\n    {\n    }\n}", "\n    {\n        ", "\n    }")]
    [InlineData("class A\n{\n    public A(int a) : this()$0\n}", "\n    {\n        ", "\n    }")]
    [InlineData("class A\r\n{\r\n    public int Sum(int a)$0\r\n}", "\r\n    {\r\n        ", "\r\n    }")]
    [InlineData("class A\n{\n\tpublic int Sum(int a)$0\n}", "\n\t{\n\t\t", "\n\t}")]
    [InlineData("class A {\n    void M() {\n    }\n\n    public int Sum(int a)$0\n}", " {\n        ", "\n    }")]
    [InlineData("class A\n{\n  void M()\n  {\n  }\n\n  public int Sum(int a)$0\n}", "\n  {\n    ", "\n  }")]
    [InlineData("class A\n{\n    void M()\n    {\n        int Twice(int a)$0\n    }\n}", "\n        {\n            ", "\n        }")]
    [InlineData("class A\n{\n    public T Get<T>(int a)\n        where T : class$0\n}", "\n    {\n        ", "\n    }")]
    public async Task A_signature_gets_braces_as_the_file_writes_them(string source, string open, string close)
    {
        Assert.Equal(new BodyScaffold(open, close), BodyScaffold.At(await CursorAt.Async(source)));
    }

    [Theory]
    [InlineData("class A\n{\n    public int Sum(int a)$0\n    {\n    }\n}")]
    [InlineData("class A\n{\n    public int Sum(int a$0)\n}")]
    [InlineData("class A\n{\n    public int Sum(int a)\n    $0\n}")]
    [InlineData("abstract class A\n{\n    public abstract int Sum(int a)$0\n}")]
    [InlineData("partial class A\n{\n    public partial int Sum(int a)$0\n}")]
    [InlineData("interface A\n{\n    int Sum(int a)$0\n}")]
    [InlineData("class A\n{\n    public int Sum(int a)$0 => a;\n}")]
    [InlineData("class A\n{\n    void M()\n    {\n        M()$0\n    }\n}")]
    [InlineData("class A\n{\n    void M()\n    {\n        if (M is null)$0\n    }\n}")]
    public async Task Nothing_else_does(string source)
    {
        Assert.Null(BodyScaffold.At(await CursorAt.Async(source)));
    }
}
