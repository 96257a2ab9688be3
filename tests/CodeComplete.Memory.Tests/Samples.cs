namespace CodeComplete.Memory.Tests;

/// <summary>A few files of a shop, each about one thing.</summary>
internal static class Samples
{
    public const string Discounts = """
        using System;

        namespace Shop.Billing;

        public sealed class DiscountPolicy
        {
            private readonly IRateTable _rates;

            public DiscountPolicy(IRateTable rates) => _rates = rates;

            public decimal ApplyDiscount(InvoiceLine line, Customer customer)
            {
                var rate = _rates.RateFor(customer.Tier);
                return line.Amount - line.Amount * rate;
            }
        }
        """;

    public const string Warehouse = """
        using System;

        namespace Shop.Stock;

        public sealed class Warehouse
        {
            private readonly Dictionary<Sku, int> _shelves = new();

            public bool TryReserve(Sku sku, int quantity)
            {
                if (!_shelves.TryGetValue(sku, out var stored) || stored < quantity)
                {
                    return false;
                }

                _shelves[sku] = stored - quantity;
                return true;
            }
        }
        """;

    public const string Mailer = """
        using System.Net.Mail;

        namespace Shop.Notifications;

        public sealed class ShippingMailer
        {
            private readonly IMailTransport _transport;

            public ShippingMailer(IMailTransport transport) => _transport = transport;

            public Task NotifyShipped(Customer customer, Parcel parcel)
            {
                var message = new MailMessage("shop@example.org", customer.Address);
                message.Subject = Templates.Shipped(parcel.TrackingNumber);
                return _transport.SendAsync(message);
            }
        }
        """;

    public const string Repository = """
        using System.Data.Common;

        namespace Shop.Data;

        public sealed class OrderRepository
        {
            private readonly DbConnection _connection;

            public OrderRepository(DbConnection connection) => _connection = connection;

            public async Task<Order> LoadOrder(Guid orderId)
            {
                await using var command = _connection.CreateCommand();
                command.CommandText = "select * from orders where id = @id";
                command.Parameters.Add(OrderParameter(orderId));
                await using var rows = await command.ExecuteReaderAsync();
                return await OrderMapper.MapAsync(rows);
            }
        }
        """;

    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>
        {
            ["Billing/DiscountPolicy.cs"] = Discounts,
            ["Stock/Warehouse.cs"] = Warehouse,
            ["Notifications/ShippingMailer.cs"] = Mailer,
            ["Data/OrderRepository.cs"] = Repository,
        };

    public static void PutAll(ProjectMemory memory)
    {
        foreach (var (path, text) in All)
        {
            memory.Put(path, text);
        }
    }

    /// <summary>A file of ordinary length whose names nobody else has.</summary>
    public static string Synthetic(int number, int members = 10) =>
        $"namespace Generated{number};\n\npublic sealed class Service{number}\n{{\n"
        + string.Join(
            '\n',
            Enumerable
                .Range(0, members)
                .Select(member =>
                    $$"""
                            public int Compute{{number}}x{{member}}(int seed{{member}}, Operand{{number}} operand)
                            {
                                var scaled{{member}} = operand.Scale(seed{{member}});
                                return scaled{{member}} + Offset{{number}};
                            }

                        """
                )
        )
        + "}\n";
}
