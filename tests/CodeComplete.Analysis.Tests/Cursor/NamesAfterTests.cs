namespace CodeComplete.Analysis.Tests.Cursor;

public class NamesAfterTests
{
    [Theory]
    [InlineData("order.$0", "", "Name,Total,Count,Ship", "Empty")]
    [InlineData("order.Na$0", "", "Name", "Empty")]
    [InlineData("order.Na$0", "me.", "Length,Trim,Substring", "Ship,Empty")]
    [InlineData("$0", "order.", "Name,Ship", "Empty")]
    [InlineData("Order.$0", "", "Empty", "Name,Ship")]
    [InlineData("colour = Colour.$0", "", "Red,Green", "ToString")]
    [InlineData("_last?.$0", "", "Name,Ship", "Empty")]
    [InlineData("var names = _orders.$0", "Where(o => o.", "Name,Total", "Empty,Where")]
    [InlineData("var names = _orders.$0", "Select(o => o.Name).", "ToList,Where,First", "Ship")]
    [InlineData("var x = $0", "_orders.First().", "Name,Ship", "Empty")]
    [InlineData("var later = new Order(); if (later.$0", "", "Name,Count", "Empty")]
    [InlineData("string.$0", "", "IsNullOrEmpty,Join,Empty", "Trim,Length")]
    [InlineData("System.$0", "", "Math,Collections", "Name")]
    [InlineData("var x = nameof(Order.$0", "", "Name,Ship,Empty", "Where")]
    [InlineData("var x = Math.Max(Order.$0", "", "Empty", "Name")]
    public async Task The_members_after_a_dot_are_known(string body, string written, string known, string unknown)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        AssertKnows(cursor.NamesAfter(written), known, unknown);
    }

    [Theory]
    [InlineData("class A { int X => this.$0; int Y; }", "Y")]
    [InlineData("class A { int X { get { return this.$0 } } int Y; }", "Y")]
    [InlineData("class A { static string X = string.$0; }", "Concat")]
    [InlineData("class A { string X { get; } = string.$0", "Concat")]
    [InlineData("class A { A() { this.$0 } int Y; }", "Y")]
    [InlineData("var text = \"a\";\ntext.$0", "Length")]
    [InlineData("class A { void M() { void Local() { this.$0 } } int Y; }", "Y")]
    [InlineData("class B { protected virtual void Hook() { } }\nclass A : B { protected override void Hook() { base.$0", "Hook")]
    [InlineData("using System; class A { Action M(string s) => () => { s.$0", "Length")]
    public async Task Every_kind_of_body_is_bound(string source, string known)
    {
        var cursor = await CursorAt.Async(source);

        Assert.Contains(known, cursor.NamesAfter("")?.Names ?? []);
    }

    [Theory]
    [InlineData("unknown.$0", "")]
    [InlineData("dynamic d = order; d.$0", "")]
    [InlineData("order.$0", "Nothing.")]
    public async Task Where_the_compiler_does_not_know_anything_may_stand(string body, string written)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Null(cursor.NamesAfter(written));
    }

    [Theory]
    [InlineData("class A { int M() { $0 } int Y; }", "return 1; } => ")]
    [InlineData("class A { A() { $0 } int Y; }", "} => ")]
    [InlineData("class A { int X { get { $0 } } int Y; }", "return 1; } => ")]
    [InlineData("class A { int X { get { $0 } } int Y; }", "return 1; } set => ")]
    [InlineData("class A { int X => $0; int Y; }", "1; int Z => ")]
    public async Task Behind_the_end_of_the_body_anything_may_stand(string source, string written)
    {
        var cursor = await CursorAt.Async(source);

        Assert.Null(cursor.NamesAfter(written));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(16, false)]
    public async Task Of_lambdas_that_are_nested_without_end_the_compiler_is_not_asked(int depth, bool isKnown)
    {
        var cursor = await CursorAt.InMethodAsync("var names = $0");

        var names = cursor.NamesAfter(string.Concat(Enumerable.Range(0, depth).Select(i => $"_orders.Select(o{i} => ")) + "order.");

        Assert.Equal(isKnown, names?.Names.Contains("Name"));
        Assert.Equal(isKnown, names?.Names.Count > 0);
    }

    [Fact]
    public async Task A_name_starts_before_the_cursor_where_it_is_typed_already()
    {
        var cursor = await CursorAt.InMethodAsync("order.Na$0");

        Assert.Equal(-2, cursor.NamesAfter("")?.Start);
        Assert.Equal(-2, cursor.NamesAfter("me")?.Start);
        Assert.Equal(3, cursor.NamesAfter("me.Le")?.Start);
    }

    [Fact]
    public async Task The_next_line_is_not_read_as_part_of_the_receiver()
    {
        var cursor = await CursorAt.InMethodAsync("var x = order.$0\n        After();");

        Assert.Contains("Name", cursor.NamesAfter("")?.Names ?? []);
    }

    [Theory]
    [InlineData("var x = $0", "", "order,_orders,After,Order,DateTime,new,text", "Ship,Red,x1")]
    [InlineData("var x = $0", "order.Count + ", "order,colour", "Count")]
    [InlineData("$0", "", "order,var,if,await,System,Colour", "invented")]
    [InlineData("$0", "foreach (var one in _orders) one.Ship(", "one,DateTime,when,order", "other")]
    [InlineData("$0", "if (order is { } found && ", "found,order", "other")]
    [InlineData("$0", "_orders.Select(o => ", "o,order", "p")]
    [InlineData("order.Ship($0", "", "when,DateTime,order", "dates")]
    [InlineData("order.Ship($0", "new ", "DateTime,Order", "dates")]
    [InlineData("return $0", "", "order,Run,After", "total")]
    [InlineData("return or$0", "der", "order", "orders")]
    [InlineData("var x = nameof($0", "", "order,Order", "orders")]
    [InlineData("var x = $\"{$0", "", "order", "orders")]
    [InlineData("var later = 1; $0", "", "later", "latest")]
    [InlineData("List<$0", "", "Order,Colour", "Orders")]
    [InlineData("if (order is $0", "", "Order,not,null", "Orders")]
    [InlineData("var x = $0;\n        int Twice(int n) => n * 2;", "", "Twice,order", "Thrice")]
    [InlineData("var x = _orders.Select(static o => $0", "", "o,Order", "p")]
    public async Task What_is_in_scope_is_known(string body, string written, string known, string unknown)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        AssertKnows(cursor.NamesAfter(written), known, unknown);
    }

    [Theory]
    [InlineData("var $0")]
    [InlineData("int $0")]
    [InlineData("foreach (var $0")]
    [InlineData("if (order is Order $0")]
    [InlineData("int.TryParse(text, out var $0")]
    [InlineData("var x = _orders.Where($0")]
    [InlineData("Func<int, int> f = $0")]
    [InlineData("Func<int, int> f; f = $0")]
    [InlineData("var x = ($0")]
    [InlineData("var x = new { $0")]
    [InlineData("var x = _orders.Select(o => ($0")]
    [InlineData("var x = from $0")]
    [InlineData("Unknown($0")]
    [InlineData("if (order is { $0")]
    [InlineData("var x = new List<int> { $0")]
    [InlineData("text = \"$0")]
    [InlineData("try { } catch (Exception $0")]
    [InlineData("int Local(int $0")]
    [InlineData("order.Ship(static $0")]
    [InlineData("Task.Run(async (one, $0")]
    [InlineData("object f = static ($0")]
    public async Task A_name_that_may_be_new_is_free(string body)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Null(cursor.NamesAfter(""));
    }

    [Theory]
    [InlineData("var x = new Order { $0", "Name,Total,Count", "Empty,Ship,order")]
    [InlineData("var x = new Order { Name = text, $0", "Total,Count", "Name,Empty")]
    [InlineData("Order x = new() { $0", "Name,Total", "order")]
    public async Task An_object_initialiser_sets_what_is_not_set_yet(string body, string known, string unknown)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        AssertKnows(cursor.NamesAfter(""), known, unknown);
    }

    [Theory]
    [InlineData("return colour switch { Colour.Red => 1, Colour.$0 };", "Red")]
    [InlineData("return colour switch { Colour.$0\n Colour.Green => 2, };", "Green")]
    [InlineData("switch (colour) { case Colour.Red: break; case Colour.$0", "Red")]
    [InlineData("switch (colour) { case Colour.$0\n case Colour.Green: break; }", "Green")]
    [InlineData("switch (colour) {\n case Colour.$0\n text += 1; break;\n case Colour.Green: break; }", "Green")]
    [InlineData("return colour switch { Colour.$0 => 1,\n Colour.Green => 2, };", "Green")]
    public async Task An_enumerator_that_another_arm_handles_is_not_offered(string body, string handled)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        var names = cursor.NamesAfter("");

        Assert.NotNull(names);
        Assert.DoesNotContain(handled, names.Names);
        Assert.Contains(handled == "Red" ? "Green" : "Red", names.Names);
    }

    [Theory]
    [InlineData("return colour switch { Colour.Red when text == \"\" => 1, Colour.$0 };", "Red")]
    [InlineData("var x = Colour.Red; if (colour == Colour.$0", "Red")]
    public async Task An_enumerator_that_is_handled_in_part_or_elsewhere_is_offered(string body, string known)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Contains(known, cursor.NamesAfter("")?.Names ?? []);
    }

    [Theory]
    [InlineData("using System; class A { $0 }", "", "String,Console,public,A", "Foo")]
    [InlineData("using System; class A { public $0 }", "", "String,int,static,A", "Foo")]
    [InlineData("class A { public int Sum($0 }", "", "A,params,this", "Foo")]
    [InlineData("class A { public T Sum<T>($0 }", "", "T,A", "Foo")]
    [InlineData("class A { A(int seed) : this($0 }", "", "seed", "Foo")]
    [InlineData("interface I { }\nclass A : $0\n{ }", "", "I", "Foo")]
    [InlineData("using System; [$0]\nclass A { }", "", "Obsolete,ObsoleteAttribute,Serializable", "Foo")]
    [InlineData("class A { System.$0 }", "", "String,Collections", "A")]
    [InlineData("class A { public $0 }", "System.Collections.", "Generic,ArrayList", "A")]
    [InlineData("using $0", "", "System,static", "A")]
    [InlineData("using System.$0", "", "Collections,Text", "String")]
    [InlineData("using static System.$0", "", "Collections,Math", "A")]
    [InlineData("class A { public override string $0 }", "", "ToString,Equals,GetHashCode", "MemberwiseClone,Foo")]
    [InlineData(
        "class B { public virtual int Size => 1; public int Other => 2; }\nclass A : B { public override int $0 }",
        "",
        "Size,ToString",
        "Other"
    )]
    [InlineData("class A { $0 }", "public override string ", "ToString", "Foo")]
    [InlineData(
        "using System;\nclass NoteAttribute(int size) : Attribute { public string Text { get; set; } public int Number; }\nclass Note { public int Other; }\n[Note($0]\nclass A { }",
        "",
        "Text,Number,size,A",
        "Foo,Other"
    )]
    public async Task Outside_of_bodies_types_namespaces_and_what_can_be_overridden_are_known(
        string source,
        string written,
        string known,
        string unknown
    )
    {
        var cursor = await CursorAt.Async(source);

        AssertKnows(cursor.NamesAfter(written), known, unknown);
    }

    [Theory]
    [InlineData("class $0")]
    [InlineData("class A { int $0 }")]
    [InlineData("class A { public void $0 }")]
    [InlineData("class A { void M(int $0 }")]
    [InlineData("enum E { $0 }")]
    [InlineData("namespace $0")]
    [InlineData("[Missing($0]\nclass A { }")]
    [InlineData("using System.Linq;\nclass A { int M(int[] of) $0 }", "=> of.Sum(")]
    public async Task A_declaration_s_own_name_is_free_and_what_may_be_one_s_of_an_attribute_or_a_lambda(string source, string written = "")
    {
        var cursor = await CursorAt.Async(source);

        Assert.Null(cursor.NamesAfter(written));
    }

    /// <param name="known">With commas between.</param>
    private static void AssertKnows(VisibleNames? names, string known, string unknown)
    {
        Assert.NotNull(names);
        Assert.All(known.Split(','), n => Assert.Contains(n, names.Names));
        Assert.All(unknown.Split(','), n => Assert.DoesNotContain(n, names.Names));
    }
}
