using System.Buffers.Binary;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CodeComplete.Testing;
using LiteDB;

namespace CodeComplete.Memory.Tests;

public sealed class PersistenceTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void A_memory_opened_again_recalls_the_same()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        memory.Put("Gone.cs", Samples.Synthetic(1));
        memory.Flush();
        memory.Remove("Gone.cs");
        var query = Opened.Query("ApplyDiscount(customer, TryReserve(sku", most: 10);
        var expected = memory.Recall(query).Snippets;
        var statistics = memory.Statistics;

        var again = _opened.Reopen();

        Assert.Null(again.Message);
        Assert.Equal(expected, again.Recall(query).Snippets);
        Assert.Equal(
            (statistics.Files, statistics.Snippets, statistics.Words, statistics.Acceptances),
            (again.Statistics.Files, again.Statistics.Snippets, again.Statistics.Words, again.Statistics.Acceptances)
        );
        Assert.True(again.Statistics.BytesOnDisk > Samples.All.Values.Sum(text => text.Length / 3)); // texts are compressed
    }

    [Fact]
    public void Acceptances_come_back_newest_first()
    {
        var memory = _opened.Open();
        var first = Opened.Acceptance("Total();", minute: 1, AcceptanceKind.Partial);
        var second = Opened.Acceptance("Größe(\"𝄞\n\");", minute: 2, AcceptanceKind.Rejected);
        var late = Opened.Acceptance("Late();", minute: 0) with { Path = @"Other\File.cs" };
        Assert.True(memory.RecordAcceptance(first));
        Assert.True(memory.RecordAcceptance(second));
        Assert.True(memory.RecordAcceptance(late));
        memory.RecordAcceptance(second); // the same one counts once

        var again = _opened.Reopen();

        Assert.Equal([second, first, late with { Path = "Other/File.cs" }], again.Acceptances());
        Assert.Equal([second], again.Acceptances(most: 1));
        Assert.Equal([late.Id], again.Acceptances(path: "Other/File.cs").Select(acceptance => acceptance.Id));
        Assert.Equal(3, again.Statistics.Acceptances);
    }

    [Fact]
    public void All_that_is_known_of_an_outcome_comes_back_from_the_journal_and_from_the_database()
    {
        var first = Opened.Acceptance("Total();");
        var second = Opened.Acceptance("Total()", minute: 1, AcceptanceKind.Edited) with
        {
            Source = SuggestionSource.ListItem,
            ReceiverType = "Invoice<T>",
            EnclosingMember = "Print",
            Place = "MemberAccess",
            Corrects = first.Id,
        };
        var memory = _opened.Open();
        memory.RecordAcceptance(first);
        memory.RecordAcceptance(second);
        var journal = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances.jsonl");

        Assert.Equal([second, first], _opened.Reopen().Acceptances());
        _opened.Close();
        File.Delete(journal);
        Assert.Equal([second, first], _opened.Open().Acceptances());
    }

    [Fact]
    public void A_journal_line_of_the_first_version_is_read()
    {
        var memory = _opened.Open();
        var journal = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances.jsonl");
        memory.RecordAcceptance(Opened.Acceptance("One();"));
        _opened.Close();
        File.AppendAllText(
            journal,
            """{"id":"6f9619ff-8b86-d011-b42d-00cf4fc964ff","path":"A.cs","text":"Two();","before":"  x.","when":"2026-03-01T12:00:00+02:00","kind":"Partial"}"""
                + "\n"
        );

        var read = _opened.Open().Acceptances(path: "A.cs");

        Assert.Equal(("Two();", AcceptanceKind.Partial, SuggestionSource.GhostText), (read[0].Text, read[0].Kind, read[0].Source));
        Assert.Equal((null, null, null, null), (read[0].ReceiverType, read[0].EnclosingMember, read[0].Place, read[0].Corrects));
    }

    [Fact]
    public void An_acceptance_is_in_the_journal_when_it_is_confirmed()
    {
        var memory = _opened.Open();
        var acceptance = Opened.Acceptance("Total();");

        Assert.True(memory.RecordAcceptance(acceptance));

        var journal = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances.jsonl");
        using var open = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var line = new StreamReader(open).ReadToEnd();
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.Contains(acceptance.Id.ToString(), line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_journal_line_costs_only_itself()
    {
        var memory = _opened.Open();
        var journal = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances.jsonl");
        memory.RecordAcceptance(Opened.Acceptance("One();", minute: 1));
        _opened.Close();
        File.AppendAllText(journal, "not json\n{\"id\":\"0fa3");

        _opened.Open().RecordAcceptance(Opened.Acceptance("Two();", minute: 2));

        Assert.Equal(["Two();", "One();"], _opened.Reopen().Acceptances().Select(acceptance => acceptance.Text));
    }

    [Fact]
    public void A_lost_journal_is_written_again_from_the_database()
    {
        var memory = _opened.Open();
        memory.RecordAcceptance(Opened.Acceptance("One();"));
        var folder = Path.GetDirectoryName(memory.DatabasePath)!;
        _opened.Close();
        File.Delete(Path.Combine(folder, "acceptances.jsonl"));

        Assert.Single(_opened.Open().Acceptances());
        _opened.Close();
        File.Delete(Path.Combine(folder, "memory.db"));

        Assert.Single(_opened.Open().Acceptances());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("half")]
    [InlineData("page")]
    [InlineData("byte of a stored text")]
    [InlineData("not a whole page")]
    public void A_damaged_database_is_set_aside_and_acceptances_are_kept(string damage)
    {
        var memory = _opened.Open();
        for (var i = 0; i < 40; i++)
        {
            memory.Put($"Service{i}.cs", Samples.Synthetic(i));
        }

        memory.RecordAcceptance(Opened.Acceptance("Total();"));
        var database = memory.DatabasePath;
        _opened.Close();
        Opened.DeleteImages(database); // then all files are read at the opening
        Damage(database, damage);

        var again = _opened.Open();

        Assert.Equal(
            "The memory of this workspace was damaged; it was set aside as memory.db.damaged-1 and is being built anew. Acceptances are kept.",
            again.Message
        );
        Assert.True(again.IsOwner);
        Assert.True(File.Exists(database + ".damaged-1"));
        Assert.Equal((0, 0, 1), (again.Statistics.Files, again.Statistics.Snippets, again.Acceptances().Count));
        again.Put("New.cs", Samples.Discounts);

        var third = _opened.Reopen();
        Assert.Null(third.Message);
        Assert.Single(third.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.Single(third.Acceptances());
    }

    [Fact]
    public void However_a_file_is_damaged_the_process_lives_on_and_acceptances_too()
    {
        var memory = _opened.Open();
        for (var i = 0; i < 60; i++)
        {
            memory.Put($"Service{i}.cs", Samples.Synthetic(i, members: 2 + (i / 2)));
        }

        memory.RecordAcceptance(Opened.Acceptance("Total();"));
        var path = memory.DatabasePath;
        _opened.Close();
        var whole = File.ReadAllBytes(path);
        var random = new Random(4); // one that makes LiteDB's finalizers throw early

        for (var i = 0; i < (LongTests.Wanted ? 2000 : 100); i++)
        {
            Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(path)!, "memory*"), File.Delete);
            File.WriteAllBytes(path, DamageSomewhere(whole, random));

            var damaged = _opened.Open();
            damaged.Put("New.cs", Samples.Discounts);
            damaged.Remove("Service3.cs");
            damaged.Flush();

            Assert.Single(damaged.Acceptances());
            Assert.NotEmpty(damaged.Recall(Opened.Query("ApplyDiscount(")).Snippets);
            _opened.Close();
        }

        // Where they are not called off, they throw here, which ends this very process.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Damage_that_only_writing_finds_is_set_aside_as_well()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        memory.RecordAcceptance(Opened.Acceptance("Total();"));
        var path = memory.DatabasePath;
        _opened.Close();

        // The first page that LiteDB believes to be free lies far behind the end of the file.
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), 1_000_000);
        File.WriteAllBytes(path, bytes);

        var damaged = _opened.Open();
        Assert.Null(damaged.Message);
        var said = new List<string>();
        damaged.Degraded += said.Add;
        damaged.Put("Long.cs", Samples.Synthetic(1, members: 300));
        damaged.Flush();
        Assert.NotEmpty(damaged.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.True(damaged.RecordAcceptance(Opened.Acceptance("Later();", minute: 5)));
        _opened.Close();

        Assert.Contains(
            "was set aside as memory.db.damaged-1 and is built anew at the next start",
            Assert.Single(said),
            StringComparison.Ordinal
        );
        var next = _opened.Open();
        Assert.Null(next.Message);
        Assert.Equal((0, 2), (next.Statistics.Files, next.Statistics.Acceptances));
    }

    [Fact]
    public void A_database_that_cannot_be_opened_costs_no_acceptance()
    {
        var path = _opened.Open().DatabasePath;
        _opened.Close();
        File.Delete(path);
        Directory.CreateDirectory(path); // a folder is in its place

        var memory = _opened.Open();
        Assert.StartsWith("The memory cannot be kept in ", memory.Message, StringComparison.Ordinal);
        Assert.True(memory.RecordAcceptance(Opened.Acceptance("Total();")));
        _opened.Close();

        Directory.Delete(path);
        Assert.Single(_opened.Open().Acceptances());
    }

    [Fact]
    public void The_open_transactions_of_this_litedb_can_be_found()
    {
        using var file = new TemporaryFolder();
        using var database = new LiteDatabase(Path.Combine(file.Path, "a.db"));

        Assert.Empty(LiteTransactions.Open(database)!);
        database.BeginTrans();
        Assert.Single(LiteTransactions.Open(database)!);
        database.Rollback();
    }

    [Fact]
    public void Only_the_latest_damaged_files_are_kept()
    {
        var database = _opened.Open().DatabasePath;
        for (var i = 0; i < 5; i++)
        {
            _opened.Close();
            Damage(database, "garbage");
            Assert.Contains($".damaged-{i + 1} ", _opened.Open().Message, StringComparison.Ordinal);
        }

        Assert.Equal(
            ["memory.db.damaged-3", "memory.db.damaged-4", "memory.db.damaged-5"],
            Directory.GetFiles(Path.GetDirectoryName(database)!, "*.damaged-*").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_newer_schema_is_left_alone_and_acceptances_go_to_a_journal()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        var path = memory.DatabasePath;
        _opened.Close();
        SetSchema(path, 99);
        var before = File.ReadAllBytes(path);

        var older = _opened.Open();

        Assert.StartsWith(
            "The memory of this workspace was written by a newer version (schema 99, ",
            older.Message,
            StringComparison.Ordinal
        );
        Assert.False(older.IsOwner);
        older.Put("A.cs", Samples.Discounts);
        Assert.Single(older.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.True(older.RecordAcceptance(Opened.Acceptance("Total();")));
        _opened.Close();
        Assert.Equal(before, File.ReadAllBytes(path));

        SetSchema(path, MemoryDatabase.Schema); // the newer version, as far as acceptances go
        var newer = _opened.Open();
        Assert.Equal(Samples.All.Count, newer.Statistics.Files);
        Assert.Single(newer.Acceptances());
    }

    [Fact]
    public void Files_of_an_older_schema_are_dropped_and_acceptances_kept()
    {
        var path = _opened.Open().DatabasePath;
        _opened.Close();
        Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(path)!), File.Delete);
        var acceptance = Opened.Acceptance("Total();");
        using (var database = new LiteDatabase(new ConnectionString { Filename = path, Collation = Collation.Binary }))
        {
            // As the first schema had it: the text as it is, and the words beside it.
            database.UserVersion = 1;
            database
                .GetCollection("files")
                .Insert(
                    new BsonDocument
                    {
                        ["_id"] = WorkspacePath.Key("A.cs"),
                        ["path"] = "A.cs",
                        ["hash"] = Guid.NewGuid(),
                        ["size"] = 12L,
                        ["modified"] = 34L,
                        ["text"] = "class A;"u8.ToArray(),
                        ["words"] = new byte[] { 0, 0 },
                        ["checksum"] = 56L,
                    }
                );
            database.GetCollection("acceptances").Insert(AcceptanceDocument.Write(acceptance));
        }

        var newer = _opened.Open();

        Assert.Null(newer.Message);
        Assert.Equal(0, newer.Statistics.Files);
        Assert.Equal([acceptance], newer.Acceptances());
        newer.Put("A.cs", Samples.Discounts);
        Assert.Single(_opened.Reopen().Recall(Opened.Query("ApplyDiscount(")).Snippets);
    }

    [Fact]
    public void A_full_disk_is_said_once_and_costs_no_acceptance()
    {
        var free = long.MaxValue;
        var memory = _opened.Open(_opened.Options with { FreeDiskBytes = () => free });
        Samples.PutAll(memory);
        memory.Flush();
        var said = new List<string>();
        memory.Degraded += said.Add;

        free = 1000;
        memory.Put("New.cs", Samples.Synthetic(1));
        memory.Flush();
        Assert.True(memory.RecordAcceptance(Opened.Acceptance("Total();")));
        memory.Put("Newer.cs", Samples.Synthetic(2));
        memory.Flush();

        Assert.Equal(
            "The memory could not be written (There is not enough space on the disk); what is learned from now on lasts until this process ends. Make room on the disk and restart to keep it.",
            Assert.Single(said)
        );
        Assert.NotEmpty(memory.Recall(Opened.Query("Compute1x3(seed3")).Snippets);
        Assert.NotEmpty(memory.Recall(Opened.Query("ApplyDiscount(")).Snippets);

        var again = _opened.Reopen();
        Assert.Null(again.Message);
        Assert.Equal((Samples.All.Count, 1), (again.Statistics.Files, again.Statistics.Acceptances));
    }

    [Fact]
    public void Where_there_is_no_room_to_erase_it_is_said_and_can_be_done_later()
    {
        var free = long.MaxValue;
        var memory = _opened.Open(_opened.Options with { FreeDiskBytes = () => free });
        Samples.PutAll(memory);
        memory.Flush();

        free = 32L * 1024 * 1024; // enough to write a batch, not to write the database anew
        var message = memory.ForgetWord("ApplyDiscount").Message;

        Assert.StartsWith("What was forgotten may still be on the disk (", message, StringComparison.Ordinal);
        Assert.Null(memory.Message);
        free = long.MaxValue;
        Assert.Null(memory.ForgetWord("ApplyDiscount").Message);
        _opened.Close();
        Assert.Equal(-1, _opened.AllStoredBytes().AsSpan().IndexOf("ApplyDiscount"u8));
    }

    [Fact]
    public void A_data_folder_that_cannot_be_made_costs_only_persistence()
    {
        // Below a regular file: that fails for an administrator, too, whom no permission stops.
        var file = _opened.Write("file", "in the way");
        var memory = _opened.Open(_opened.Options with { DataDirectory = Path.Combine(file, "data") });

        Assert.StartsWith("The memory cannot be kept in " + file, memory.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", memory.Message, StringComparison.Ordinal);
        Assert.False(memory.IsOwner);
        Samples.PutAll(memory);
        memory.Flush();
        Assert.NotEmpty(memory.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.False(memory.RecordAcceptance(Opened.Acceptance("Total();")));
        Assert.Single(memory.Acceptances());
        Assert.Equal(0, memory.Statistics.BytesOnDisk);
    }

    [Fact]
    public void A_journal_that_cannot_be_written_is_said_and_costs_only_persistence()
    {
        var folder = Path.GetDirectoryName(_opened.Open().DatabasePath)!;
        _opened.Close();
        Directory.CreateDirectory(Path.Combine(folder, "acceptances.jsonl")); // a folder is in its place
        var memory = _opened.Open();
        var said = new List<string>();
        memory.Degraded += said.Add;

        Assert.False(memory.RecordAcceptance(Opened.Acceptance("One();")));
        Assert.False(memory.RecordAcceptance(Opened.Acceptance("Two();")));

        Assert.Equal(2, memory.Acceptances().Count);
        Assert.StartsWith("The memory could not be written (", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(said[0], memory.Message);
    }

    [Fact]
    public void After_it_is_closed_a_memory_confirms_nothing_and_throws_nothing()
    {
        var memory = _opened.Open();
        memory.Put("Before.cs", Samples.Warehouse);
        _opened.Close();

        memory.Put("A.cs", Samples.Discounts);
        memory.Flush();
        Assert.False(memory.RecordAcceptance(Opened.Acceptance("Total();")));
        Assert.Empty(_opened.Open().Acceptances());
        Assert.Equal(1, _opened.Reopen().Statistics.Files);
    }

    private static CutFile CutFileOf(string path, string text) => SnippetCutter.Cut(path, SnippetCutter.Hash(text), FileStamp.None, text);

    private static void SetSchema(string path, int schema)
    {
        using var database = new LiteDatabase(new ConnectionString { Filename = path, Collation = Collation.Binary });
        database.UserVersion = schema;
    }

    private static byte[] DamageSomewhere(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var page = bytes.AsSpan(random.Next(bytes.Length / 8192) * 8192, 8192);
            switch (random.Next(4))
            {
                case 0:
                    page[random.Next(32)] = (byte)random.Next(256); // the page's own header
                    break;
                case 1:
                    page[random.Next(page.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    random.NextBytes(page.Slice(random.Next(4096), random.Next(1, 4096)));
                    break;
                default:
                    page.Clear();
                    break;
            }
        }

        return bytes;
    }

    private static void Damage(string path, string how)
    {
        var bytes = File.ReadAllBytes(path);
        var random = new Random(7);
        switch (how)
        {
            case "garbage":
                random.NextBytes(bytes);
                break;
            case "half":
                bytes = bytes[..(bytes.Length / 2 / 8192 * 8192)];
                break;
            case "page":
                random.NextBytes(bytes.AsSpan(bytes.Length / 2 / 8192 * 8192, 8192));
                break;
            case "byte of a stored text":
                var packed = StoredFile.Of(CutFileOf("Service7.cs", Samples.Synthetic(7))).Packed;
                var at = bytes.AsSpan().IndexOf(packed.AsSpan(20, 100));
                Assert.True(at > 0);
                bytes[at] ^= 1;
                break;
            case "not a whole page":
                bytes = bytes[..^5000];
                break;
        }

        File.WriteAllBytes(path, bytes);
    }
}
