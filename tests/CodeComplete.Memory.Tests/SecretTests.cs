using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Tests;

/// <summary>The secrets here are invented, and put together from pieces so that no scanner of repositories takes them for real ones.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Secret = "Zq81kXw" + "Lm33vTyR09aB";

    private readonly Opened _opened = new();

    public static TheoryData<string, string> Secrets =>
        new()
        {
            { "var text = \"-----BEGIN RSA PRIVATE " + "KEY-----\\n" + Secret + "+/=\\n\" + \"" + Secret + "\";", Secret },
            { "\"\"\"\n-----BEGIN PRIVATE " + "KEY-----\n" + Secret + "\n" + Secret + "\n-----END PRIVATE " + "KEY-----\n\"\"\"", Secret },
            { "var id = \"AKIA" + "QWERTYUIOPASDFGH\";", "QWERTYUIOPASDFGH" },
            { "client.Use(\"ghp" + "_0123456789abcdefghijABCDEFGHIJ012345\");", "0123456789abcdefghij" },
            { "x = \"github_pat" + "_0123456789abcdefghijABCDEFGHIJ\";", "0123456789abcdefghij" },
            { "Slack(\"xoxb" + "-1234567890-abcdefghij\")", "1234567890-abcdefghij" },
            { "x = \"eyJhbGciOiJI" + ".eyJzdWIiOiIx." + Secret + "\";", Secret },
            { "x = \"sk" + "-" + Secret + Secret + "\";", Secret },
            { "\"Server=db;Database=Shop;User Id=sa;Password=" + Secret + ";Encrypt=true\"", Secret },
            { "\"Server=db;pwd = " + Secret + "\"", Secret },
            { "\"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=" + Secret + "==;EndpointSuffix=x\"", Secret },
            { "\"Endpoint=sb://x/;SharedAccessKeyName=k;SharedAccessKey=" + Secret + "\"", Secret },
            { "\"https://shop.example/blob?sv=2020&sig=" + Secret + "&se=1\"", Secret },
            { "const string Password = \"" + Secret + "\";", Secret },
            { "string dbPassword => \"hunter22\";", "hunter22" },
            { "options.ApiKey = @\"" + Secret + "\";", Secret },
            { "new Settings { ClientSecret = \"" + Secret + "\" }", Secret },
            { "settings[\"Api_Key\"] = \"" + Secret + "\";", Secret },
            { "headers.Add(\"X-Api-Key\", \"" + Secret + "\");", Secret },
            { "var json = \"{\\\"password\\\": \\\"" + Secret + "\\\"}\";", Secret },
            { "Login(password: \"" + Secret + "\")", Secret },
            { "\"Authorization: Bearer " + Secret + "\"", Secret },
            { "var blob = \"" + "q8Zt1LxW0v" + "N5rKe3Ub7Ya9Pd\";", "q8Zt1LxW0v" },
            { "Sign(\"" + "dGhpcyBpcyBub3" + "QgYSByZWFsIGtleSE1Nw==\", input)", "dGhpcyBpcyBub3" },
            { "Seed(\"" + "9f86d081884c7d659a2f" + "eaa0c55ad015\");", "9f86d081884c7d659a2f" },
            { "var json = \"{\\\"blob\\\": \\\"" + "q8Zt1LxW0v" + "N5rKe3Ub7Ya9Pd\\\"}\";", "q8Zt1LxW0v" },
            { "\"postgres://shop:" + Secret + "@db.example/shop\"", Secret },
        };

    public void Dispose() => _opened.Dispose();

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_looks_like_a_secret_is_masked(string text, string secret)
    {
        var redacted = SecretRedactor.Redact(text);

        Assert.DoesNotContain(secret, redacted, StringComparison.Ordinal);
        Assert.Contains(SecretRedactor.Mask, redacted, StringComparison.Ordinal);
        Assert.Equal(text.Count(c => c == '\n'), redacted.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("password = AskForPassword(user);")]
    [InlineData("var connection = $\"Server={server};Password={password};\";")]
    [InlineData("var label = \"Enter your password, please\";")]
    [InlineData("public string Password { get; set; } = \"\";")]
    [InlineData("if (key == \"Enter\" || tokens.Count > 3) { }")]
    [InlineData("var uri = new Uri(\"https://example.org:8080/path@home\");")]
    [InlineData("if (line.StartsWith(\"-----BEGIN CERTIFICATE-----\")) { }")]
    [InlineData("foreach (var token in scanner.Tokens) Visit(token);")]
    [InlineData("[Guid(\"6B29FC40-CA47-1067-B31D-00DD010662DA\")]")]
    [InlineData("Load(\"CodeComplete.Memory.Storage.AcceptanceJournal\");")]
    [InlineData("Load(\"CustomerOrderLineRepositoryIntegrationTests2\");")]
    [InlineData("Path(\"src/Billing/Invoices2024/DiscountPolicyTests\")")]
    [InlineData("Open(\"https://example.org/a/Really/Long2/Path1?with=arguments&and=More7\")")]
    [InlineData("string.Format(\"{0:yyyy-MM-ddTHH:mm:ss.fffffffK}-{1}\", now, id)")]
    [InlineData("command.CommandText = \"select Id,Name,Total2 from Orders where Id=@id\";")]
    [InlineData("var xml = \"<Order><Line Id=\\\"42\\\"/></Order>\";")]
    [InlineData("Assert.Equal(\"00000000000000000000000000000000\", digits);")]
    [InlineData("Assert.Equal(\"123456789012345678901234567890123456\", digits);")]
    [InlineData("Assert.Equal(\"aaaaaaaaaaaaaaaaaaaaaaaaaaB1\", padded);")]
    [InlineData("const string Alphabet = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\";")]
    [InlineData("Header(\"X-Content-Type-Options-And-More\", \"access-control-allow-origin-2\")")]
    [InlineData("Feature(\"USE_SYSTEM_RESOURCE_KEYS_IN_V2\")")]
    public void Ordinary_code_stays_as_it_is(string text) => Assert.Equal(text, SecretRedactor.Redact(text));

    [Fact]
    public void Code_after_a_mention_of_a_key_stays()
    {
        var text = "if (pem.StartsWith(\"-----BEGIN PRIVATE " + "KEY-----\"))\n{\n    Import(pem);\n}";

        Assert.EndsWith("\n{\n    Import(pem);\n}", SecretRedactor.Redact(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_takes_no_time()
    {
        // Beginnings of patterns without end: a pattern that backtracks badly would run into its time limit and blank the text.
        foreach (var piece in new[] { "password", "eyJ-", "://a:", "-----BEGIN ", "secret\"\"]", "xoxb-", ";pwd =" })
        {
            var line = string.Concat(Enumerable.Repeat(piece, SourceCleaner.LongestLine / piece.Length));
            var redacted = SourceCleaner.Clean(string.Concat(Enumerable.Repeat(line + "\n", 500)) + "End();");

            Assert.EndsWith("End();", redacted, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_secret_reaches_the_disk_or_an_answer()
    {
        var memory = _opened.Open();
        var code = string.Join(
            '\n',
            Secrets.Select((row, i) => $"class Client{i} {{ void Connect() {{ Use(endpoint{i}, {row.Data.Item1}); }} }}")
        );
        memory.Put("Clients.cs", code);
        memory.RecordAcceptance(Opened.Acceptance($"var password = \"{Secret}\";") with { Before = $"// Bearer {Secret}" });
        var snippets = memory.Recall(Opened.Query("Connect Use endpoint1 endpoint3 endpoint12", most: 10)).Snippets;
        Assert.NotEmpty(snippets);
        _opened.Close();

        var stored = _opened.AllStoredBytes();
        Assert.All(snippets, snippet => Assert.DoesNotContain(Secret, snippet.Text, StringComparison.Ordinal));
        Assert.All(Secrets, row => Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(row.Data.Item2))));
        Assert.NotEqual(-1, stored.AsSpan().IndexOf("endpoint12"u8)); // the code itself can be found this way
    }
}
