namespace CodeComplete.Analysis.Tests.Cursor;

public class IndentationTests
{
    [Theory]
    // Two spaces, where the model writes four.
    [InlineData(
        "class A\n{\n  void M(int n)\n  {\n    $0\n  }\n}",
        "if (n > 0)\n        {\n            M(n - 1);\n        }\n\n        M(0);",
        "if (n > 0)\n    {\n      M(n - 1);\n    }\n\n    M(0);"
    )]
    // Tabs.
    [InlineData(
        "class A\n{\n\tvoid M(int n)\n\t{\n\t\t$0\n\t}\n}",
        "foreach (var i in new[] { n })\n        {\n            M(i);\n            M(\n                i + 1);\n        }",
        "foreach (var i in new[] { n })\n\t\t{\n\t\t\tM(i);\n\t\t\tM(\n\t\t\t    i + 1);\n\t\t}"
    )]
    // Braces at the end of lines.
    [InlineData(
        "class A {\n  void M(int n) {\n    $0\n  }\n}",
        "if (n > 0) {\n        M(1);\n      } else if (n < 0) {\n        M(2);\n      } else\n        M(3);",
        "if (n > 0) {\n      M(1);\n    } else if (n < 0) {\n      M(2);\n    } else\n      M(3);"
    )]
    // `else`, `catch`, `finally` and one statement without braces.
    [InlineData(
        "class A\n{\n    void M(int n)\n    {\n        $0\n    }\n}",
        "try\n    {\n    if (n > 0)\n    M(1);\n    else\n    M(2);\n    }\n    catch\n    {\n    }\n    finally\n    {\n    // Never.\n    }",
        "try\n        {\n            if (n > 0)\n                M(1);\n            else\n                M(2);\n        }\n        catch\n        {\n        }\n        finally\n        {\n            // Never.\n        }"
    )]
    // Cases; a block of statements below a label stands as the writer wants.
    [InlineData(
        "class A\n{\n  int M(int n)\n  {\n    $0\n  }\n}",
        "switch (n)\n        {\n            case 1:\n                return 2;\n            default:\n                return 3;\n        }",
        "switch (n)\n    {\n      case 1:\n        return 2;\n      default:\n        return 3;\n    }"
    )]
    // A text of several lines is what it is.
    [InlineData(
        "class A\n{\n  string M()\n  {\n    $0\n  }\n}",
        "var s = @\"a\n        b\";\n        return s;",
        "var s = @\"a\n        b\";\n    return s;"
    )]
    // Members.
    [InlineData(
        "class A\n{\n  $0\n}",
        "int N\n    {\n        get => 1;\n        set { }\n    }\n\n    int M() => 2;",
        "int N\n  {\n    get => 1;\n    set { }\n  }\n\n  int M() => 2;"
    )]
    // The block of a lambda, and what goes on with a statement.
    [InlineData(
        "class A\n{\n  void M(System.Action a)\n  {\n    $0\n  }\n}",
        "M(() =>\n        {\n            M(null!);\n        });\n        M(a);",
        "M(() =>\n    {\n      M(null!);\n    });\n    M(a);"
    )]
    // What is right stays, to the letter.
    [InlineData("class A\n{\n    void M(int n)\n    {\n        $0\n    }\n}", "if (n > 0)\n        {\n            M(1);\n        }", null)]
    [InlineData("class A\n{\n    void M(int n)\n    {\n        $0\n    }\n}", "M(1);", null)]
    [InlineData("$0", "int n = 1;\nif (n > 0)\n{\n    n++;\n}", null)]
    public async Task Statements_members_and_braces_begin_where_the_documents_do(string source, string written, string? expected)
    {
        Assert.Equal(expected ?? written, Indentation.Correct(await CursorAt.Async(source), written));
    }
}
